//! PEM armour, in both readers, and what comes out of it.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for block in anode_tls_pure::pem::blocks(data) {
        let _debug = format!("{block:?}");
    }
    let _certificates = anode_tls_pure::pem::certificates(data);
    let text = String::from_utf8_lossy(data);
    let _first = anode_crypto_pure::pem::next_block(&text);
    for block in anode_crypto_pure::pem::blocks(&text) {
        let _key = anode_crypto_pure::pem::block_key(&block, Some(b"password"));
        let _key = anode_crypto_pure::pem::block_key(&block, None);
    }
    let _certificate = anode_crypto_pure::pem::first_certificate(&text);
    let _key = anode_crypto_pure::pem::private_key(&text, None);
    // What is written is read.
    let element = anode_crypto_pure::der::write_octets(data);
    let written = anode_crypto_pure::pem::write("CERTIFICATE", &element, None);
    assert_eq!(anode_crypto_pure::pem::certificates(&written), [&*element]);
    // This reader stops behind the first element.
    let written = anode_tls_pure::pem::encode("CERTIFICATE", &element);
    assert_eq!(anode_tls_pure::pem::certificates(written.as_bytes()), Ok(vec![element]));
});
