//! OpenSSL's cipher lists: which suites a text means, in which order. OpenSSL docs: ciphers(1).

/// A cipher suite as OpenSSL knows it.
#[derive(Debug)]
pub struct Suite {
    /// OpenSSL's name.
    pub name: &'static str,
    /// The registered name.
    pub standard: &'static str,
    /// The number on the wire.
    pub id: u16,
    /// Words that a list may use for it.
    words: &'static str,
    /// Bits of the key.
    bits: u16,
}

const fn suite(name: &'static str, standard: &'static str, id: u16, words: &'static str, bits: u16) -> Suite {
    Suite { name, standard, id, words, bits }
}

/// The suites of TLS 1.3, in the order of preference.
pub static TLS13: [Suite; 3] = [
    suite("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", 0x1302, "", 256),
    suite("TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256", 0x1303, "", 256),
    suite("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", 0x1301, "", 128),
];

/// Those of TLS 1.3 that exist and are not provided.
pub static TLS13_OTHER: [&str; 2] = ["TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"];

/// The suites of TLS 1.2 and before, in OpenSSL's order. The first six of each are provided; see [`is_provided`].
pub static TLS12: &[Suite] = &[
    suite(
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        0xc02c,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA AES AES256 AESGCM SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "ECDHE-RSA-AES256-GCM-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        0xc030,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA AES AES256 AESGCM SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "DHE-RSA-AES256-GCM-SHA384",
        "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        0x009f,
        "kDHE kEDH DHE EDH DH aRSA RSA AES AES256 AESGCM SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        0xcca9,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA CHACHA20 SHA256 HIGH TLSv1.2",
        256,
    ),
    suite(
        "ECDHE-RSA-CHACHA20-POLY1305",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        0xcca8,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA CHACHA20 SHA256 HIGH TLSv1.2",
        256,
    ),
    suite(
        "DHE-RSA-CHACHA20-POLY1305",
        "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        0xccaa,
        "kDHE kEDH DHE EDH DH aRSA RSA CHACHA20 SHA256 HIGH TLSv1.2",
        256,
    ),
    suite(
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        0xc02b,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA AES AES128 AESGCM SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        0xc02f,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA AES AES128 AESGCM SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "DHE-RSA-AES128-GCM-SHA256",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
        0x009e,
        "kDHE kEDH DHE EDH DH aRSA RSA AES AES128 AESGCM SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "ECDHE-ECDSA-AES256-SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        0xc024,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA AES AES256 SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "ECDHE-RSA-AES256-SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        0xc028,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA AES AES256 SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "DHE-RSA-AES256-SHA256",
        "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
        0x006b,
        "kDHE kEDH DHE EDH DH aRSA RSA AES AES256 SHA256 HIGH TLSv1.2",
        256,
    ),
    suite(
        "ECDHE-ECDSA-AES128-SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        0xc023,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA AES AES128 SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "ECDHE-RSA-AES128-SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        0xc027,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA AES AES128 SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "DHE-RSA-AES128-SHA256",
        "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
        0x0067,
        "kDHE kEDH DHE EDH DH aRSA RSA AES AES128 SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "ECDHE-ECDSA-AES256-SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        0xc00a,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA AES AES256 SHA SHA1 HIGH TLSv1",
        256,
    ),
    suite(
        "ECDHE-RSA-AES256-SHA",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        0xc014,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA AES AES256 SHA SHA1 HIGH TLSv1",
        256,
    ),
    suite(
        "DHE-RSA-AES256-SHA",
        "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
        0x0039,
        "kDHE kEDH DHE EDH DH aRSA RSA AES AES256 SHA SHA1 HIGH SSLv3",
        256,
    ),
    suite(
        "ECDHE-ECDSA-AES128-SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        0xc009,
        "kECDHE kEECDH ECDHE EECDH aECDSA ECDSA AES AES128 SHA SHA1 HIGH TLSv1",
        128,
    ),
    suite(
        "ECDHE-RSA-AES128-SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        0xc013,
        "kECDHE kEECDH ECDHE EECDH aRSA RSA AES AES128 SHA SHA1 HIGH TLSv1",
        128,
    ),
    suite(
        "DHE-RSA-AES128-SHA",
        "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
        0x0033,
        "kDHE kEDH DHE EDH DH aRSA RSA AES AES128 SHA SHA1 HIGH SSLv3",
        128,
    ),
    suite(
        "PSK-AES256-GCM-SHA384",
        "TLS_PSK_WITH_AES_256_GCM_SHA384",
        0x00a9,
        "kPSK PSK aPSK AES AES256 AESGCM SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "PSK-AES128-GCM-SHA256",
        "TLS_PSK_WITH_AES_128_GCM_SHA256",
        0x00a8,
        "kPSK PSK aPSK AES AES128 AESGCM SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "AES256-GCM-SHA384",
        "TLS_RSA_WITH_AES_256_GCM_SHA384",
        0x009d,
        "kRSA aRSA RSA AES AES256 AESGCM SHA384 HIGH TLSv1.2",
        256,
    ),
    suite(
        "AES128-GCM-SHA256",
        "TLS_RSA_WITH_AES_128_GCM_SHA256",
        0x009c,
        "kRSA aRSA RSA AES AES128 AESGCM SHA256 HIGH TLSv1.2",
        128,
    ),
    suite(
        "AES256-SHA256",
        "TLS_RSA_WITH_AES_256_CBC_SHA256",
        0x003d,
        "kRSA aRSA RSA AES AES256 SHA256 HIGH TLSv1.2",
        256,
    ),
    suite(
        "AES128-SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA256",
        0x003c,
        "kRSA aRSA RSA AES AES128 SHA256 HIGH TLSv1.2",
        128,
    ),
    suite("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA", 0x0035, "kRSA aRSA RSA AES AES256 SHA SHA1 HIGH SSLv3", 256),
    suite("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", 0x002f, "kRSA aRSA RSA AES AES128 SHA SHA1 HIGH SSLv3", 128),
];

/// Names that exist beside these and are in nobody's default: taken in lists, without effect, as none of them is provided.
#[rustfmt::skip]
static OTHER: &[&str] = &[
    "DHE-DSS-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-CCM8", "ECDHE-ECDSA-AES256-CCM", "DHE-RSA-AES256-CCM8",
    "DHE-RSA-AES256-CCM", "ECDHE-ECDSA-ARIA256-GCM-SHA384", "ECDHE-ARIA256-GCM-SHA384", "DHE-DSS-ARIA256-GCM-SHA384",
    "DHE-RSA-ARIA256-GCM-SHA384", "ADH-AES256-GCM-SHA384", "DHE-DSS-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM8",
    "ECDHE-ECDSA-AES128-CCM", "DHE-RSA-AES128-CCM8", "DHE-RSA-AES128-CCM", "ECDHE-ECDSA-ARIA128-GCM-SHA256",
    "ECDHE-ARIA128-GCM-SHA256", "DHE-DSS-ARIA128-GCM-SHA256", "DHE-RSA-ARIA128-GCM-SHA256", "ADH-AES128-GCM-SHA256",
    "DHE-DSS-AES256-SHA256", "ECDHE-ECDSA-CAMELLIA256-SHA384", "ECDHE-RSA-CAMELLIA256-SHA384",
    "DHE-RSA-CAMELLIA256-SHA256", "DHE-DSS-CAMELLIA256-SHA256", "ADH-AES256-SHA256", "ADH-CAMELLIA256-SHA256",
    "DHE-DSS-AES128-SHA256", "ECDHE-ECDSA-CAMELLIA128-SHA256", "ECDHE-RSA-CAMELLIA128-SHA256",
    "DHE-RSA-CAMELLIA128-SHA256", "DHE-DSS-CAMELLIA128-SHA256", "ADH-AES128-SHA256", "ADH-CAMELLIA128-SHA256",
    "DHE-DSS-AES256-SHA", "DHE-RSA-CAMELLIA256-SHA", "DHE-DSS-CAMELLIA256-SHA", "AECDH-AES256-SHA", "ADH-AES256-SHA",
    "ADH-CAMELLIA256-SHA", "DHE-DSS-AES128-SHA", "DHE-RSA-CAMELLIA128-SHA", "DHE-DSS-CAMELLIA128-SHA",
    "AECDH-AES128-SHA", "ADH-AES128-SHA", "ADH-CAMELLIA128-SHA", "RSA-PSK-AES256-GCM-SHA384",
    "DHE-PSK-AES256-GCM-SHA384", "RSA-PSK-CHACHA20-POLY1305", "DHE-PSK-CHACHA20-POLY1305",
    "ECDHE-PSK-CHACHA20-POLY1305", "DHE-PSK-AES256-CCM8", "DHE-PSK-AES256-CCM", "RSA-PSK-ARIA256-GCM-SHA384",
    "DHE-PSK-ARIA256-GCM-SHA384", "AES256-CCM8", "AES256-CCM", "ARIA256-GCM-SHA384", "PSK-CHACHA20-POLY1305",
    "PSK-AES256-CCM8", "PSK-AES256-CCM", "PSK-ARIA256-GCM-SHA384", "RSA-PSK-AES128-GCM-SHA256",
    "DHE-PSK-AES128-GCM-SHA256", "DHE-PSK-AES128-CCM8", "DHE-PSK-AES128-CCM", "RSA-PSK-ARIA128-GCM-SHA256",
    "DHE-PSK-ARIA128-GCM-SHA256", "AES128-CCM8", "AES128-CCM", "ARIA128-GCM-SHA256", "PSK-AES128-CCM8",
    "PSK-AES128-CCM", "PSK-ARIA128-GCM-SHA256", "CAMELLIA256-SHA256", "CAMELLIA128-SHA256",
    "ECDHE-PSK-AES256-CBC-SHA384", "ECDHE-PSK-AES256-CBC-SHA", "SRP-DSS-AES-256-CBC-SHA", "SRP-RSA-AES-256-CBC-SHA",
    "SRP-AES-256-CBC-SHA", "RSA-PSK-AES256-CBC-SHA384", "DHE-PSK-AES256-CBC-SHA384", "RSA-PSK-AES256-CBC-SHA",
    "DHE-PSK-AES256-CBC-SHA", "ECDHE-PSK-CAMELLIA256-SHA384", "RSA-PSK-CAMELLIA256-SHA384",
    "DHE-PSK-CAMELLIA256-SHA384", "CAMELLIA256-SHA", "PSK-AES256-CBC-SHA384", "PSK-AES256-CBC-SHA",
    "PSK-CAMELLIA256-SHA384", "ECDHE-PSK-AES128-CBC-SHA256", "ECDHE-PSK-AES128-CBC-SHA", "SRP-DSS-AES-128-CBC-SHA",
    "SRP-RSA-AES-128-CBC-SHA", "SRP-AES-128-CBC-SHA", "RSA-PSK-AES128-CBC-SHA256", "DHE-PSK-AES128-CBC-SHA256",
    "RSA-PSK-AES128-CBC-SHA", "DHE-PSK-AES128-CBC-SHA", "ECDHE-PSK-CAMELLIA128-SHA256", "RSA-PSK-CAMELLIA128-SHA256",
    "DHE-PSK-CAMELLIA128-SHA256", "CAMELLIA128-SHA", "PSK-AES128-CBC-SHA256", "PSK-AES128-CBC-SHA",
    "PSK-CAMELLIA128-SHA256", "ECDHE-ECDSA-NULL-SHA", "ECDHE-RSA-NULL-SHA", "AECDH-NULL-SHA", "NULL-SHA256",
    "ECDHE-PSK-NULL-SHA384", "ECDHE-PSK-NULL-SHA256", "ECDHE-PSK-NULL-SHA", "RSA-PSK-NULL-SHA384",
    "RSA-PSK-NULL-SHA256", "DHE-PSK-NULL-SHA384", "DHE-PSK-NULL-SHA256", "RSA-PSK-NULL-SHA", "DHE-PSK-NULL-SHA",
    "NULL-SHA", "NULL-MD5", "PSK-NULL-SHA384", "PSK-NULL-SHA256", "PSK-NULL-SHA",
];

/// Whether connections can use it.
#[must_use]
pub fn is_provided(id: u16) -> bool {
    matches!(id, 0xc02b | 0xc02c | 0xc02f | 0xc030 | 0xcca8 | 0xcca9 | 0x1301..=0x1303)
}

/// The suite with this number.
#[must_use]
pub fn by_id(id: u16) -> Option<&'static Suite> {
    TLS13.iter().chain(TLS12).find(|suite| suite.id == id)
}

/// The suites of TLS 1.2 that a list means, in its order; `None` if it means none that exist. A list that only means suites
/// beside the table is empty: TLS 1.3 is left.
#[must_use]
pub fn select(list: &str) -> Option<Vec<u16>> {
    let mut active: Vec<&Suite> = Vec::new();
    let mut dead: Vec<u16> = Vec::new();
    let mut has_other = false;
    for token in list.split([':', ',', ' ', ';']).filter(|token| !token.is_empty()) {
        let (command, word) = match token.as_bytes()[0] {
            command @ (b'!' | b'-' | b'+') => (command, &token[1..]),
            b'@' => {
                if token == "@STRENGTH" {
                    active.sort_by_key(|suite| std::cmp::Reverse(suite.bits));
                }
                continue;
            }
            _ => (b' ', token),
        };
        let word = if word == "DEFAULT" { "ALL" } else { word };
        let wanted: Vec<&Suite> = TLS12.iter().filter(|suite| matches(suite, word)).collect();
        match command {
            b'!' => {
                dead.extend(wanted.iter().map(|suite| suite.id));
                active.retain(|suite| !dead.contains(&suite.id));
            }
            b'-' => active.retain(|suite| wanted.iter().all(|other| other.id != suite.id)),
            b'+' => {
                let (moved, kept): (Vec<&Suite>, Vec<&Suite>) =
                    active.into_iter().partition(|suite| wanted.iter().any(|other| other.id == suite.id));
                active = kept;
                active.extend(moved);
            }
            _ => {
                has_other |= OTHER.contains(&word);
                for suite in wanted {
                    if !dead.contains(&suite.id) && active.iter().all(|known| known.id != suite.id) {
                        active.push(suite);
                    }
                }
            }
        }
    }
    if active.is_empty() && !has_other { None } else { Some(active.iter().map(|suite| suite.id).collect()) }
}

fn matches(suite: &Suite, word: &str) -> bool {
    word == suite.name
        || word == suite.standard
        || word.split('+').all(|part| part == "ALL" || suite.words.split(' ').any(|known| known == part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, want: Option<&[u16]>) {
        assert_eq!(select(list).as_deref(), want, "{list}");
    }

    #[test]
    fn lists() {
        check("ECDHE-RSA-AES128-GCM-SHA256", Some(&[0xc02f]));
        check("AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256", Some(&[0x35, 0xc02f]));
        check("kECDHE+AESGCM+aRSA", Some(&[0xc030, 0xc02f]));
        check("kECDHE+AESGCM+aRSA:!AES256", Some(&[0xc02f]));
        check("kECDHE+AESGCM+aRSA:+AES256", Some(&[0xc02f, 0xc030]));
        check("foo", None);
        check("AECDH-NULL-SHA", Some(&[]));
        check("AECDH-NULL-SHA:ECDHE-RSA-AES128-GCM-SHA256", Some(&[0xc02f]));
        check("", None);
        check("!ALL:HIGH", None);
    }
}
