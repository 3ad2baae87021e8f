//! The vectors of Project Wycheproof: what is valid passes, and above all, what is not does not.

use anode_crypto_pure::ciphers::{self, Setup};
use anode_crypto_pure::digests::Md;
use anode_crypto_pure::keys::ec::{Curve, Ec};
use anode_crypto_pure::keys::okp::{Okp, OkpCurve};
use anode_crypto_pure::keys::rsa::{self, PKCS1_OAEP_PADDING, PKCS1_PADDING, PKCS1_PSS_PADDING};
use anode_crypto_pure::keys::sign::{self, Message, Scheme};
use anode_crypto_pure::keys::{self, Key, codec};
use anode_crypto_pure::macs;
use anode_crypto_pure::random::Source;
use wycheproof::{EllipticCurve, HashFunction, MontgomeryCurve, TestResult};

/// Counts vectors, and collects those that came out wrong.
#[derive(Default)]
struct Outcome {
    run: usize,
    wrong: Vec<String>,
}

impl Outcome {
    /// Notes whether a vector was taken as valid. What is `Acceptable` may come out either way, as long as it comes out.
    fn note(&mut self, set: &str, id: usize, comment: &str, expected: TestResult, taken: bool) {
        self.run += 1;
        let right = match expected {
            TestResult::Acceptable => true,
            TestResult::Invalid => !taken,
            TestResult::Valid => taken,
        };
        if !right {
            self.wrong.push(format!("{set} {id} ({comment}): {expected:?}, but taken = {taken}"));
        }
    }

    /// All came out right, and there were as many as there should be: a reader that skips everything passes no test.
    #[track_caller]
    fn check(self, least: usize) {
        assert!(self.wrong.is_empty(), "{} of {}:\n{}", self.wrong.len(), self.run, self.wrong.join("\n"));
        assert!(self.run >= least, "{} vectors, of at least {least}", self.run);
    }
}

fn md_of(hash: HashFunction) -> Option<Md> {
    Some(match hash {
        HashFunction::Sha1 => Md::Sha1,
        HashFunction::Sha2_224 => Md::Sha224,
        HashFunction::Sha2_256 => Md::Sha256,
        HashFunction::Sha2_384 => Md::Sha384,
        HashFunction::Sha2_512 => Md::Sha512,
        HashFunction::Sha2_512_224 => Md::Sha512_224,
        HashFunction::Sha2_512_256 => Md::Sha512_256,
        HashFunction::Sha3_224 => Md::Sha3_224,
        HashFunction::Sha3_256 => Md::Sha3_256,
        HashFunction::Sha3_384 => Md::Sha3_384,
        HashFunction::Sha3_512 => Md::Sha3_512,
        HashFunction::Shake128 | HashFunction::Shake256 => return None,
    })
}

fn verifies(key: &Key, scheme: &Scheme, message: &[u8], signature: &[u8]) -> bool {
    sign::verify(key, scheme, Message::Whole(message), signature).unwrap_or(false)
}

#[test]
fn authenticated_ciphers() {
    use wycheproof::aead::{TestName, TestSet};
    let mut outcome = Outcome::default();
    for (file, pattern) in [
        ("aes_ccm", "aes-#-ccm"),
        ("aes_gcm", "aes-#-gcm"),
        ("aes_gcm_siv", "aes-#-gcm-siv"),
        ("aria_ccm", "aria-#-ccm"),
        ("aria_gcm", "aria-#-gcm"),
        ("chacha20_poly1305", "chacha20-poly1305"),
        ("sm4_ccm", "sm4-ccm"),
        ("sm4_gcm", "sm4-gcm"),
    ] {
        let set = TestSet::load(file.parse::<TestName>().unwrap()).unwrap();
        for group in &set.test_groups {
            let name = pattern.replace('#', &group.key_size.to_string());
            for test in &group.tests {
                let setup = Setup { encrypt: true, key: &test.key, iv: &test.nonce, tag_bytes: group.tag_size / 8 };
                let sealed = [test.ct.as_slice(), &test.tag].concat();
                let opened = ciphers::whole(&name, Setup { encrypt: false, ..setup }, &test.aad, &sealed);
                let Some(opened) = opened.transpose() else { continue };
                let opens = opened.is_ok_and(|plain| plain == test.pt.as_slice());
                outcome.note(file, test.tc_id, &test.comment, test.result, opens);
                if test.result == TestResult::Valid {
                    let made = ciphers::whole(&name, setup, &test.aad, &test.pt);
                    outcome.note(file, test.tc_id, "sealing", test.result, made == Ok(Some(sealed)));
                }
            }
        }
    }
    outcome.check(2500);
}

#[test]
fn chained_ciphers_and_key_wrap() {
    let mut outcome = Outcome::default();
    for (file, pattern) in
        [("aes_cbc_pkcs5", "aes-#-cbc"), ("aria_cbc_pkcs5", "aria-#-cbc"), ("camellia_cbc_pkcs5", "camellia-#-cbc")]
    {
        use wycheproof::cipher::{TestName, TestSet};
        let set = TestSet::load(file.parse::<TestName>().unwrap()).unwrap();
        for group in &set.test_groups {
            let name = pattern.replace('#', &group.key_size.to_string());
            for test in &group.tests {
                let setup = Setup { encrypt: false, key: &test.key, iv: &test.nonce, tag_bytes: 0 };
                let opened = ciphers::whole(&name, setup, &[], &test.ct).map(Option::unwrap);
                // Padding is no authentication: what is not valid may open to something, but not to the message.
                let opens = opened.is_ok_and(|plain| plain == test.pt.as_slice());
                outcome.note(file, test.tc_id, &test.comment, test.result, opens);
                if test.result == TestResult::Valid {
                    let made = ciphers::whole(&name, Setup { encrypt: true, ..setup }, &[], &test.pt);
                    outcome.note(file, test.tc_id, "sealing", test.result, made == Ok(Some(test.ct.to_vec())));
                }
            }
        }
    }
    for (file, pattern, iv) in
        [("aes_kwp", "aes-#-wrap-pad", &[0xa6, 0x59, 0x59, 0xa6][..]), ("aes_wrap", "aes-#-wrap", &[0xa6; 8])]
    {
        use wycheproof::keywrap::{TestName, TestSet};
        let set = TestSet::load(file.parse::<TestName>().unwrap()).unwrap();
        for group in &set.test_groups {
            let name = pattern.replace('#', &group.key_size.to_string());
            for test in &group.tests {
                let setup = Setup { encrypt: false, key: &test.key, iv, tag_bytes: 0 };
                let opened = ciphers::whole(&name, setup, &[], &test.ct).map(Option::unwrap);
                let opens = opened.is_ok_and(|plain| plain == test.pt.as_slice());
                outcome.note(file, test.tc_id, &test.comment, test.result, opens);
                if test.result == TestResult::Valid {
                    let made = ciphers::whole(&name, Setup { encrypt: true, ..setup }, &[], &test.pt);
                    outcome.note(file, test.tc_id, "wrapping", test.result, made == Ok(Some(test.ct.to_vec())));
                }
            }
        }
    }
    outcome.check(900);
}

#[test]
fn message_authentication() {
    use wycheproof::mac::{TestName, TestSet};
    let mut outcome = Outcome::default();
    for (file, kind) in [
        ("aes_cmac", "cmac"),
        ("camellia_cmac", "cmac"),
        ("hmac_sha1", "sha1"),
        ("hmac_sha224", "sha224"),
        ("hmac_sha256", "sha256"),
        ("hmac_sha384", "sha384"),
        ("hmac_sha3_224", "sha3-224"),
        ("hmac_sha3_256", "sha3-256"),
        ("hmac_sha3_384", "sha3-384"),
        ("hmac_sha3_512", "sha3-512"),
        ("hmac_sha512", "sha512"),
        ("hmac_sm3", "sm3"),
        ("kmac128_no_customization", "kmac128"),
        ("kmac256_no_customization", "kmac256"),
    ] {
        let set = TestSet::load(file.parse::<TestName>().unwrap()).unwrap();
        for group in &set.test_groups {
            for test in &group.tests {
                let cipher = format!("{}-{}-cbc", file.split('_').next().unwrap(), group.key_size);
                let length = group.tag_size / 8;
                let mac = match kind {
                    "cmac" => {
                        macs::open("cmac", &test.key, &macs::Options { algorithm: &cipher, ..Default::default() }).ok()
                    }
                    "kmac128" | "kmac256" => macs::kmac_of_any_key(kind == "kmac256", &test.key, &[], length).ok(),
                    _ => macs::hmac(Md::find(kind).unwrap(), &test.key),
                };
                let made = mac.map(|mut mac| {
                    mac.update(&test.msg);
                    mac.finish()
                });
                let taken = made.is_some_and(|made| made.get(..length) == Some(test.tag.as_slice()));
                outcome.note(file, test.tc_id, &test.comment, test.result, taken);
            }
        }
    }
    outcome.check(2500);
}

#[test]
fn ecdsa_and_dsa() {
    let mut outcome = Outcome::default();
    {
        use wycheproof::ecdsa::{TestGroupTypeId, TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let (Some(key), Some(md)) = (codec::spki(&group.der), md_of(group.hash)) else { continue };
                let ieee = match group.test_type {
                    TestGroupTypeId::Ecdsa => false,
                    TestGroupTypeId::EcdsaP1363 => true,
                    // Takes the smaller s only; OpenSSL takes both.
                    TestGroupTypeId::EcdsaBitcoin => continue,
                };
                let scheme = Scheme { ieee, md: Some(md), ..Scheme::default() };
                for test in &group.tests {
                    let taken = verifies(&key, &scheme, &test.msg, &test.sig);
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    {
        use wycheproof::dsa::{TestGroupTypeId, TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let (key, md) = (codec::spki(&group.der).unwrap(), md_of(group.hash).unwrap());
                let ieee = group.test_type == TestGroupTypeId::DsaVerifyP1363;
                let scheme = Scheme { ieee, md: Some(md), ..Scheme::default() };
                for test in &group.tests {
                    let taken = verifies(&key, &scheme, &test.msg, &test.sig);
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    outcome.check(15_000);
}

#[test]
fn eddsa() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut outcome = Outcome::default();
    for name in TestName::all() {
        let set = TestSet::load(name).unwrap();
        for group in &set.test_groups {
            let key = codec::spki(&group.der).unwrap();
            for test in &group.tests {
                let taken = verifies(&key, &Scheme::default(), &test.msg, &test.sig);
                outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
            }
        }
    }
    outcome.check(230);
}

#[test]
fn rsa_signatures() {
    let mut outcome = Outcome::default();
    {
        use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let (key, Some(md)) = (codec::spki(&group.der).unwrap(), md_of(group.hash)) else { continue };
                let scheme = Scheme { md: Some(md), padding: Some(PKCS1_PADDING), ..Scheme::default() };
                for test in &group.tests {
                    let taken = verifies(&key, &scheme, &test.msg, &test.sig);
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    {
        use wycheproof::rsa_pss_verify::{TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let (Some(key), Some(md)) = (codec::spki(&group.der), md_of(group.hash)) else { continue };
                // Another digest for the mask only comes with keys that name it.
                if group.mgf_hash != Some(group.hash) {
                    continue;
                }
                let salt = i32::try_from(group.salt_size).ok();
                let scheme = Scheme { md: Some(md), padding: Some(PKCS1_PSS_PADDING), salt, ..Scheme::default() };
                for test in &group.tests {
                    let taken = verifies(&key, &scheme, &test.msg, &test.sig);
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    outcome.check(5000);
}

#[test]
fn rsa_decryption() {
    let mut outcome = Outcome::default();
    let private = |pkcs8: &[u8]| match codec::read_der(pkcs8, "pkcs8", codec::Want::Private, None) {
        Ok(Key::Rsa(key)) => key,
        _ => panic!("an RSA key"),
    };
    {
        use wycheproof::rsa_oaep::{TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let (key, Some(md)) = (private(&group.pkcs8), md_of(group.hash)) else { continue };
                if group.mgf_hash != group.hash {
                    continue;
                }
                for test in &group.tests {
                    let opened = rsa::private_decrypt(&key, PKCS1_OAEP_PADDING, md, &test.label, &test.ct, &mut Source);
                    let taken = opened.is_ok_and(|plain| plain == test.pt.as_slice());
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    {
        use wycheproof::rsa_pkcs1_decrypt::{TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let key = private(&group.pkcs8);
                for test in &group.tests {
                    let opened = rsa::private_decrypt(&key, PKCS1_PADDING, Md::Sha1, &[], &test.ct, &mut Source);
                    let taken = opened.is_ok_and(|plain| plain == test.pt.as_slice());
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    outcome.check(600);
}

#[test]
fn agreement() {
    let mut outcome = Outcome::default();
    {
        use wycheproof::ecdh::{EcdhEncoding, TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let curve = match group.curve {
                    EllipticCurve::Brainpool256r1 => Curve::BrainpoolP256r1,
                    EllipticCurve::Brainpool384r1 => Curve::BrainpoolP384r1,
                    EllipticCurve::Secp224r1 => Curve::P224,
                    EllipticCurve::Secp256k1 => Curve::Secp256k1,
                    EllipticCurve::Secp256r1 => Curve::P256,
                    EllipticCurve::Secp384r1 => Curve::P384,
                    EllipticCurve::Secp521r1 => Curve::P521,
                    _ => continue,
                };
                for test in &group.tests {
                    // Explicit parameters whose cofactor is wrong: OpenSSL takes them for the curve that they are else, too.
                    if matches!(test.comment.as_str(), "cofactor = 0" | "cofactor = n") {
                        continue;
                    }
                    let shared = || {
                        let own = Key::Ec(Ec::private(curve, &test.private_key)?);
                        let peer = match group.encoding {
                            EcdhEncoding::Asn1 => codec::spki(&test.public_key)?,
                            EcdhEncoding::EcPoint => Key::Ec(Ec::public(curve, &test.public_key)?),
                        };
                        keys::agree(&own, &peer).ok()
                    };
                    let taken = shared().is_some_and(|shared| shared == test.shared_secret.as_slice());
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    {
        use wycheproof::xdh::{TestName, TestSet};
        for name in TestName::all() {
            let set = TestSet::load(name).unwrap();
            for group in &set.test_groups {
                let curve = match group.curve {
                    MontgomeryCurve::X25519 => OkpCurve::X25519,
                    MontgomeryCurve::X448 => OkpCurve::X448,
                };
                for test in &group.tests {
                    let shared = || {
                        let own = Key::Okp(Okp::private(curve, &test.private_key)?);
                        keys::agree(&own, &Key::Okp(Okp::public(curve, &test.public_key)?)).ok()
                    };
                    let taken = shared().is_some_and(|shared| shared == test.shared_secret.as_slice());
                    outcome.note(&format!("{name:?}"), test.tc_id, &test.comment, test.result, taken);
                }
            }
        }
    }
    outcome.check(4500);
}
