//! The first flight of a TLS client, and lists of ciphers.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _hello = anode_tls_pure::hello::parse(data);
    let _suites = anode_tls_pure::ciphers::select(&String::from_utf8_lossy(data));
});
