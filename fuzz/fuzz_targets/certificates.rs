//! DER of certificates and revocation lists, in both readers: whatever is accepted answers every question.
#![no_main]

use anode_crypto_pure::keys::codec;
use anode_crypto_pure::{hosts, x509};
use anode_tls_pure::{certificate, chain};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn ask(parsed: &x509::Certificate<'_>) {
    let _texts = (parsed.subject(), parsed.issuer(), parsed.serial(), parsed.subject_alt_name(), parsed.info_access());
    let _parts = (parsed.subject_parts(), parsed.issuer_parts(), parsed.extended_key_usage(), parsed.key_usage());
    let _names = (parsed.common_names(), parsed.subject_emails(), parsed.alt_names_of(0x82), parsed.signature_oid());
    let _flags = (parsed.is_ca(), parsed.is_self_issued(), parsed.is_issued_by(parsed), parsed.version());
    let _ids = (parsed.subject_key_id(), parsed.authority_key_id(), parsed.signature_name());
    for moment in [parsed.not_before(), parsed.not_after()].into_iter().flatten() {
        let _text = moment.print();
        let _number = moment.unix_seconds();
    }
    let _key = parsed.public_key();
    let rules = hosts::Rules::default();
    for host in ["example.com", "www.example.com", "*", ""] {
        let _name = hosts::check_host(parsed, host, &rules);
    }
    let _address = hosts::check_ip(parsed, std::net::IpAddr::from([127, 0, 0, 1]));
}

fuzz_target!(|data: &[u8]| {
    if let Ok(parsed) = x509::Certificate::parse(data) {
        ask(&parsed);
    }
    if let Some(parsed) = certificate::Certificate::parse(data) {
        let _self = (parsed.is_self_issued(), parsed.is_self_signed(), parsed.may_be_issued_by(&parsed));
        let _key = codec::spki(parsed.spki());
        let parsed = Arc::new(parsed);
        let mut store = chain::Store::default();
        store.add(parsed.clone());
        let _issuer = store.find_issuer(&parsed);
        if let Some(list) = certificate::Crl::parse(data) {
            let _verdict = (list.revokes(parsed.serial()), list.is_signed_by(&parsed));
        }
    }
    let _list = certificate::Crl::parse(data);
    let _key = codec::spki(data);
});
