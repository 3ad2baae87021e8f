//! PKCS#12, encrypted PKCS#8 and keys in DER: errors, never a panic, and work that stays bounded.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _store = anode_crypto_pure::pkcs12::parse(data, "pass").is_ok();
    let _plain = anode_crypto_pure::pbe::decrypt_pkcs8(data, b"pass");
    let _kind = anode_crypto_pure::pbe::is_encrypted_pkcs8(data);
    let _key = anode_tls_pure::signature::SoftKey::parse(data);
    let mut reader = anode_crypto_pure::der::Reader(data);
    while let Some(value) = reader.value() {
        let _readings = (value.unsigned(), value.number(), value.bits());
        if value.tag == anode_crypto_pure::der::tag::OID {
            let _text = anode_crypto_pure::der::dotted(value.contents);
        }
    }
    let mut reader = anode_tls_pure::der::Reader(data);
    while let Some(element) = reader.any() {
        let _time = anode_tls_pure::der::time(&element);
        let _number = anode_tls_pure::der::small(element.body);
        let _bits = anode_tls_pure::der::bit_string(element.body);
    }
    let text = String::from_utf8_lossy(data);
    let oid = anode_crypto_pure::der::oid(&text);
    let _text = anode_crypto_pure::der::dotted(&oid);
});
