//! Vectors of the standards, streams cut anywhere, and what is refused.

use super::{Setup, open, whole};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// Encrypts in pieces of `step` bytes; the ciphertext and the tag.
fn run(
    name: &str,
    setup: Setup<'_>,
    aad: &[u8],
    data: &[u8],
    step: usize,
    padding: bool,
    tag: &[u8],
) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut work = open(name, setup).unwrap().unwrap();
    work.set_padding(padding);
    if !tag.is_empty() {
        work.set_tag(tag.to_vec());
    }
    if !aad.is_empty() {
        work.aad(aad);
    }
    let mut out = Vec::new();
    for piece in data.chunks(step.max(1)) {
        out.extend(work.update(piece).ok()?);
    }
    out.extend(work.finish().ok()?);
    Some((out, work.tag()))
}

/// Name, key, IV, plaintext, ciphertext; without padding. NIST SP 800-38A appendix F, RFC 3713 §A, RFC 5794 §A, GB/T 32907
/// appendix A, RFC 3394 §4.1, RFC 5649 §6, IEEE 1619 vector 2.
const PLAIN: &[(&str, &str, &str, &str, &str)] = &[
    (
        "aes-128-cbc",
        "2b7e151628aed2a6abf7158809cf4f3c",
        "000102030405060708090a0b0c0d0e0f",
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
    ),
    (
        "aes-192-ctr",
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
        "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "6bc1bee22e409f96e93d7e117393172a",
        "1abc932417521ca24f2b0459fe7e6e0b",
    ),
    ("aes-128-cfb1", "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f", "6bc1", "68b3"),
    (
        "aes-128-cfb8",
        "2b7e151628aed2a6abf7158809cf4f3c",
        "000102030405060708090a0b0c0d0e0f",
        "6bc1bee22e409f96e93d7e117393172aae2d",
        "3b79424c9c0dd436bace9e0ed4586a4f32b9",
    ),
    (
        "camellia-128-ecb",
        "0123456789abcdeffedcba9876543210",
        "",
        "0123456789abcdeffedcba9876543210",
        "67673138549669730857065648eabe43",
    ),
    (
        "aria-128-ecb",
        "000102030405060708090a0b0c0d0e0f",
        "",
        "00112233445566778899aabbccddeeff",
        "d718fbd6ab644c739da95f3be6451778",
    ),
    (
        "sm4-ecb",
        "0123456789abcdeffedcba9876543210",
        "",
        "0123456789abcdeffedcba9876543210",
        "681edf34d206965e86b3e94f536e4246",
    ),
    (
        "aes-128-wrap",
        "000102030405060708090a0b0c0d0e0f",
        "a6a6a6a6a6a6a6a6",
        "00112233445566778899aabbccddeeff",
        "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
    ),
    (
        "aes-192-wrap-pad",
        "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8",
        "a65959a6",
        "c37b7e6492584340bed12207808941155068f738",
        "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
    ),
    (
        "aes-192-wrap-pad",
        "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8",
        "a65959a6",
        "466f7250617369",
        "afbeb0f07dfbf5419200f2ccb50bb24f",
    ),
    (
        "aes-128-xts",
        "1111111111111111111111111111111122222222222222222222222222222222",
        "33333333330000000000000000000000",
        "4444444444444444444444444444444444444444444444444444444444444444",
        "c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0",
    ),
];

#[test]
fn plain_modes() {
    for (name, key, iv, plain, sealed) in PLAIN {
        let (key, iv, plain, sealed) = (hex(key), hex(iv), hex(plain), hex(sealed));
        let whole = name.contains("wrap") || name.contains("xts");
        for step in if whole { vec![1000] } else { vec![1, 7, 16, 1000] } {
            let setup = Setup { encrypt: true, key: &key, iv: &iv, tag_bytes: 0 };
            let made = run(name, setup, &[], &plain, step, false, &[]).unwrap().0;
            assert_eq!(made, sealed, "{name} {step}");
            let setup = Setup { encrypt: false, ..setup };
            assert_eq!(run(name, setup, &[], &sealed, step, false, &[]).unwrap().0, plain, "{name} {step}");
        }
        let bad = Setup { encrypt: true, key: &key[1..], iv: &iv, tag_bytes: 0 };
        assert!(open(name, bad).is_err(), "{name}");
        let bad = Setup { encrypt: true, key: &key, iv: &[0; 3], tag_bytes: 0 };
        assert!(open(name, bad).is_err(), "{name}");
    }
}

/// Name, key, nonce, additional data, plaintext, ciphertext, tag. McGrew & Viega test 4, RFC 3610 vector 1, RFC 7253 appendix A,
/// RFC 8439 §2.8.2, RFC 5297 §A.1, RFC 8452 §C.1.
const SEALED: &[(&str, &str, &str, &str, &str, &str, &str)] = &[
    (
        "aes-128-gcm",
        "feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
        "5bc94fbc3221a5db94fae95ae7121a47",
    ),
    (
        "aes-128-ccm",
        "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
        "00000003020100a0a1a2a3a4a5",
        "0001020304050607",
        "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
        "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384",
        "17e8d12cfdf926e0",
    ),
    (
        "aes-128-ocb",
        "000102030405060708090a0b0c0d0e0f",
        "bbaa99887766554433221101",
        "0001020304050607",
        "0001020304050607",
        "6820b3657b6f615a",
        "5725bda0d3b4eb3a257c9af1f8f03009",
    ),
    (
        "chacha20-poly1305",
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
        "070000004041424344454647",
        "50515253c0c1c2c3c4c5c6c7",
        "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
        "1ae10b594f09e26a7e902ecbd0600691",
    ),
    (
        "aes-128-siv",
        "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "",
        "101112131415161718191a1b1c1d1e1f2021222324252627",
        "112233445566778899aabbccddee",
        "40c02b9690c4dc04daef7f6afe5c",
        "85632d07c6e8f37f950acd320a2ecc93",
    ),
    (
        "aes-128-gcm-siv",
        "01000000000000000000000000000000",
        "030000000000000000000000",
        "",
        "0100000000000000",
        "b5d839330ac7b786",
        "578782fff6013b815b287c22493a364c",
    ),
];

#[test]
fn modes_with_tags() {
    for (name, key, nonce, aad, plain, sealed, tag) in SEALED {
        let [key, nonce, aad, plain, sealed, tag] = [key, nonce, aad, plain, sealed, tag].map(|text| hex(text));
        let whole = !name.ends_with("128-gcm") && !name.starts_with("chacha") && !name.ends_with("ocb");
        for step in if whole { vec![1000] } else { vec![1, 7, 16, 1000] } {
            let setup = Setup { encrypt: true, key: &key, iv: &nonce, tag_bytes: tag.len() };
            assert_eq!(
                run(name, setup, &aad, &plain, step, true, &[]).unwrap(),
                (sealed.clone(), tag.clone()),
                "{name}"
            );
            let setup = Setup { encrypt: false, ..setup };
            assert_eq!(run(name, setup, &aad, &sealed, step, true, &tag).unwrap().0, plain, "{name}");
            let mut bad = tag.clone();
            bad[0] ^= 1;
            assert!(run(name, setup, &aad, &sealed, step, true, &bad).is_none(), "{name}");
            assert!(run(name, setup, &[], &sealed, step, true, &[]).is_none(), "{name}");
            let mut changed = sealed.clone();
            changed[0] ^= 1;
            assert!(run(name, setup, &aad, &changed, step, true, &tag).is_none(), "{name}");
        }
    }
}

#[test]
fn padding_and_its_absence() {
    let setup = Setup { encrypt: true, key: &[1; 24], iv: &[2; 8], tag_bytes: 0 };
    for size in 0..20 {
        let data = vec![7; size];
        let sealed = run("des-ede3-cbc", setup, &[], &data, 5, true, &[]).unwrap().0;
        assert_eq!(sealed.len(), (size / 8 + 1) * 8);
        let back = Setup { encrypt: false, ..setup };
        assert_eq!(run("des-ede3-cbc", back, &[], &sealed, 3, true, &[]).unwrap().0, data);
        assert_eq!(run("des-ede3-cbc", setup, &[], &data, 5, false, &[]).is_some(), size % 8 == 0);
        assert!(run("des-ede3-cbc", back, &[], &sealed[1..], 3, true, &[]).is_none());
    }
    for name in
        ["", "aes", "aes-128", "aes-128-", "aes-128-nothing", "aes-64-cbc", "des-ede3-ctr", "camellia-128-foo", "sm4"]
    {
        let setup = Setup { encrypt: true, key: &[0; 16], iv: &[0; 16], tag_bytes: 0 };
        assert!(!matches!(open(name, setup), Ok(Some(_))), "{name}");
    }
}

#[test]
fn messages_at_once_and_in_pieces() {
    let key: Vec<u8> = (0..32).collect();
    for (name, key) in
        [("aes-128-gcm", &key[..16]), ("aes-192-gcm", &key[..24]), ("aes-256-gcm", &key), ("chacha20-poly1305", &key)]
    {
        for (iv, tag_bytes) in [(12, 16), (16, 16), (12, 12)] {
            if name.starts_with("chacha") && (iv, tag_bytes) != (12, 16) {
                continue;
            }
            for size in [0, 1, 16, 63, 1000] {
                let setup = Setup { encrypt: true, key, iv: &key[..iv], tag_bytes };
                let (aad, data) = (vec![7; size % 37], vec![3; size]);
                let (sealed, tag) = run(name, setup, &aad, &data, 100, true, &[]).unwrap();
                let mut made = whole(name, setup, &aad, &data).unwrap().unwrap();
                assert_eq!(made, [sealed, tag].concat(), "{name} {iv} {tag_bytes} {size}");
                let setup = Setup { encrypt: false, ..setup };
                assert_eq!(whole(name, setup, &aad, &made).unwrap().unwrap(), data);
                made[size] ^= 1;
                assert!(whole(name, setup, &aad, &made).is_err());
                assert!(whole(name, setup, &aad, &made[..tag_bytes - 1]).is_err());
            }
        }
    }
}
