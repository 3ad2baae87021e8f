//! Puts the code cache where the binary includes it: empty in the first link, the bytes that `ANODE_CODE_CACHE` names in the
//! second. Also links without position independence, which saves relocating 44,000 pointers at each start.

#![expect(clippy::expect_used, reason = "a build script that cannot go on says why and ends the build")]

use std::env;
use std::fs;
use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-env-changed=ANODE_CODE_CACHE");
    println!("cargo:rerun-if-env-changed=ANODE_PROFILE_RUNTIME");
    if let Some(library) = env::var_os("ANODE_PROFILE_RUNTIME") {
        // The counters of an instrumented engine (scripts/train_engine.sh).
        println!("cargo:rustc-link-arg-bins=-Wl,-u,__llvm_profile_runtime");
        println!("cargo:rustc-link-arg-bins={}", library.display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("code_cache.bin");
    match env::var_os("ANODE_CODE_CACHE") {
        Some(path) => {
            println!("cargo:rerun-if-changed={}", PathBuf::from(&path).display());
            fs::copy(&path, &out).expect("ANODE_CODE_CACHE names a readable file");
        }
        None => fs::write(&out, []).expect("OUT_DIR is writable"),
    }
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
        // crates/napi: addons find these functions in the binary.
        for pattern in ["napi_*", "node_api_*", "uv_*"] {
            println!("cargo:rustc-link-arg-bins=-Wl,--export-dynamic-symbol={pattern}");
        }
        // crates/engine/src/wrapped.rs, error_shape.rs, frame_names.rs, realm.rs, rewording.rs and script_code.rs
        for symbol in [
            "_ZN2JS15GetBuiltinClassEP9JSContextNS_6HandleIP8JSObjectEEPN2js7ESClassE",
            "_ZN2js40ReportIsNullOrUndefinedForPropertyAccessEP9JSContextN2JS6HandleINS2_5ValueEEEi",
            "_ZN2js40ReportIsNullOrUndefinedForPropertyAccessEP9JSContextN2JS6HandleINS2_5ValueEEEiNS3_INS2_11PropertyKeyEEE",
            "_ZN7mozilla9TimeStamp20ComputeProcessUptimeEv",
            "_ZN2js8DebugAPI20slowPathOnNewPromiseEP9JSContextN2JS6HandleIPNS_13PromiseObjectEEE",
            "_ZN2js8DebugAPI24slowPathOnPromiseSettledEP9JSContextN2JS6HandleIPNS_13PromiseObjectEEE",
            "_ZN2js18AsyncFunctionAwaitEP9JSContextN2JS6HandleIPNS_28AsyncFunctionGeneratorObjectEEENS3_INS2_5ValueEEE",
            "_ZN2js27InternalAsyncGeneratorAwaitEP9JSContextN2JS6HandleIPNS_20AsyncGeneratorObjectEEENS3_INS2_5ValueEEENS_14PromiseHandlerES9_",
            "_ZNK2js9FrameIter24maybeFunctionDisplayAtomEv",
            "_ZN2js36NonSyntacticLexicalEnvironmentObject6createEP9JSContextN2JS6HandleIP8JSObjectEES7_",
            "_ZN2js19ReportErrorNumberVAEP9JSContextNS_9IsWarningEPFPK19JSErrorFormatStringPvjES6_jNS_18ErrorArgumentsTypeEP13__va_list_tag",
            "_ZN2JS14ObjectOpResult11reportErrorEP9JSContextNS_6HandleIP8JSObjectEENS3_INS_11PropertyKeyEEE",
            "_ZN2js14PCToLineNumberEP8JSScriptPhPN2JS28LimitedColumnNumberOneOriginE",
            "_ZN2js12NativeObject25addPropertyInReservedSlotEP9JSContextN2JS6HandleIPS0_EENS4_INS3_11PropertyKeyEEEjNS_13PropertyFlagsE",
            "_ZN2js11SharedShape18insertInitialShapeEP9JSContextN2JS6HandleIPS0_EE",
        ] {
            println!("cargo:rustc-link-arg-bins=-Wl,--wrap={symbol}");
        }
    }
}
