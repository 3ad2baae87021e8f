//! The URL parser: what it accepts serializes to something that parses to the same; setters keep that.
#![no_main]

use anode_url_pure::{Part, Url, canonical_offsets, domain_to_ascii, domain_to_unicode};
use libfuzzer_sys::fuzz_target;

const PARTS: [Part; 9] = [
    Part::Protocol,
    Part::Username,
    Part::Password,
    Part::Host,
    Part::Hostname,
    Part::Port,
    Part::Pathname,
    Part::Search,
    Part::Hash,
];

/// The serialization is a fixed point, and its offsets lie on borders of characters and in order.
fn check(url: &Url) {
    let (href, offsets) = url.href();
    let again = Url::parse(&href, None);
    assert_eq!(again.map(|url| url.href().0).as_deref(), Some(&*href), "{href:?} does not parse to itself");
    let mut last = 0;
    for offset in [
        offsets.protocol_end,
        offsets.username_end,
        offsets.host_start,
        offsets.host_end,
        offsets.pathname_start,
        offsets.search_start.unwrap_or(offsets.pathname_start),
        offsets.hash_start.unwrap_or(href.len() as u32),
    ] {
        assert!(offset >= last && href.is_char_boundary(offset as usize), "{href:?}: {offsets:?}");
        last = offset;
    }
    if let Some((quick, kind)) = canonical_offsets(href.as_bytes()) {
        assert_eq!(format!("{quick:?}"), format!("{offsets:?}"), "{href:?}");
        assert_eq!(format!("{kind:?}"), format!("{:?}", url.scheme_type()), "{href:?}");
    }
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\n');
    let input = parts.next().unwrap_or_default();
    let base = parts.next().and_then(|base| Url::parse(base, None));
    let value = parts.next().unwrap_or("x");
    if let Some((offsets, _)) = canonical_offsets(input.as_bytes()) {
        // What looks canonical is.
        let (href, want) = Url::parse(input, None).map(|url| url.href()).unwrap_or_default_pair();
        assert_eq!(href, input);
        assert_eq!(format!("{offsets:?}"), want);
    }
    if let Some(mut url) = Url::parse(input, base.as_ref()) {
        check(&url);
        for part in PARTS {
            url.set(part, value);
            check(&url);
        }
    }
    let ascii = domain_to_ascii(input);
    assert_eq!(domain_to_ascii(&ascii), ascii);
    let _unicode = domain_to_unicode(input);
});

trait OrEmpty {
    fn unwrap_or_default_pair(self) -> (String, String);
}

impl OrEmpty for Option<(String, anode_url_pure::Offsets)> {
    fn unwrap_or_default_pair(self) -> (String, String) {
        self.map(|(href, offsets)| (href, format!("{offsets:?}"))).unwrap_or_default()
    }
}
