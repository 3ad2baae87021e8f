//! Tables of what the standard says; the large ones are the web platform's own, run from JavaScript.

use crate::{Part, Url, canonical_offsets, domain_to_ascii, domain_to_unicode};

#[track_caller]
fn check(input: &str, base: Option<&str>, want: Option<&str>) {
    let base = base.map(|base| Url::parse(base, None).unwrap());
    let got = Url::parse(input, base.as_ref()).map(|url| url.href().0);
    assert_eq!(got.as_deref(), want, "{input:?}");
}

#[test]
fn urls() {
    check("HTTP://user@EXAMPLE.com:80/a/../b?q#f", None, Some("http://user@example.com/b?q#f"));
    check("https://a/%2e%2E/b\\c", None, Some("https://a/b/c"));
    check("../x", Some("http://h/a/b/c"), Some("http://h/a/x"));
    check("?q", Some("http://h/a?b#c"), Some("http://h/a?q"));
    check("//x", Some("https://h"), Some("https://x/"));
    check("C|/a", Some("file://host/d"), Some("file://host/C:/a"));
    check("file://localhost/a", None, Some("file:///a"));
    check("web+demo:/.//not-a-host", None, Some("web+demo:/.//not-a-host"));
    check("http://0x7f.1", None, Some("http://127.0.0.1/"));
    check("http://[1:0::]", None, Some("http://[1::]/"));
    check("http://faß.ExAmPlE/", None, Some("http://xn--fa-hia.example/"));
    for bad in
        ["", "//x", "http://", "http://a b", "http://a:70000", "http://@", "http://1.2.3.256", "http://[::1", "x y:"]
    {
        check(bad, None, None);
    }
    check("x", Some("mailto:a"), None);
}

#[track_caller]
fn check_set(href: &str, part: Part, value: &str, want: &str) {
    let mut url = Url::parse(href, None).unwrap();
    url.set(part, value);
    assert_eq!(url.href().0, want, "{href} {part:?} {value:?}");
}

#[test]
fn setters() {
    check_set("http://a:8080/", Part::Protocol, "https", "https://a:8080/");
    check_set("http://a/", Part::Protocol, "foo", "http://a/");
    check_set("http://a/", Part::Port, "90x", "http://a:90/");
    check_set("http://a:90/", Part::Port, "80", "http://a/");
    check_set("http://a/", Part::Host, "b:99999", "http://b/");
    check_set("http://a/", Part::Hostname, "b:1", "http://a/");
    check_set("mailto:a", Part::Pathname, "b", "mailto:a");
    check_set("http://a/?q", Part::Search, "", "http://a/");
    check_set("file:///a", Part::Username, "u", "file:///a");
}

#[test]
fn offsets() {
    let (href, at) = Url::parse("https://user:pass@example.com:1234/foo?baz#quux", None).unwrap().href();
    let part = |from: u32, to: u32| &href[from as usize..to as usize];
    assert_eq!(part(0, at.protocol_end), "https:");
    assert_eq!(part(at.protocol_end + 2, at.username_end), "user");
    assert_eq!(part(at.host_start + 1, at.host_end), "example.com");
    assert_eq!(part(at.pathname_start, at.search_start.unwrap()), "/foo");
    assert_eq!(part(at.hash_start.unwrap(), href.len() as u32), "#quux");
}

#[test]
fn the_fast_lane_agrees_with_the_parser() {
    // Pieces that are canonical, and some that are not; every combination of six.
    const PIECES: [&str; 6] = ["http://a.b", "https://x-1.com:8443", "/c/d.e", "/.f", "?g=h&i='", "#j"];
    const MORE: [&str; 8] = ["http://xn--a", "https://1.2", ":443", "//", "/%2e", "/K~!$&()*+,;=:@", "?q{}|", "#<"];
    let all: Vec<&str> = PIECES.into_iter().chain(MORE).collect();
    let mut recognised = 0;
    for code in 0..all.len().pow(4) {
        let pick = |place: u32| all[code / all.len().pow(place) % all.len()];
        let input = format!("{}{}{}{}", pick(0), pick(1), pick(2), pick(3));
        let Some((offsets, scheme_type)) = canonical_offsets(input.as_bytes()) else { continue };
        recognised += 1;
        let url = Url::parse(&input, None).unwrap();
        assert_eq!(url.href(), (input, offsets));
        assert_eq!(url.scheme_type(), scheme_type);
    }
    assert!(recognised > 100, "{recognised}");
}

#[test]
fn domains() {
    assert_eq!(domain_to_ascii("español.com"), "xn--espaol-zwa.com");
    assert_eq!(domain_to_ascii("xn--iñvalid.com"), "");
    assert_eq!(domain_to_ascii("EXAMPLE.com/a"), "example.com");
    assert_eq!(domain_to_ascii("a:80"), "");
    assert_eq!(domain_to_unicode("xn--espaol-zwa.com"), "español.com");
}
