//! Which names a CommonJS module exports, found by reading its text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _found = anode_module_pure::lexer::exports(&String::from_utf8_lossy(data));
});
