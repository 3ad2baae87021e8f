//! POSIX path arithmetic on strings, and the percent-encoding of file URLs.

/// Joins and normalises like `path.posix.resolve(base, path)`; `base` is absolute.
pub fn resolve(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        return normalize(path);
    }
    let mut joined = String::with_capacity(base.len() + path.len() + 1);
    joined.push_str(base);
    joined.push('/');
    joined.push_str(path);
    normalize(&joined)
}

/// Removes `.`, `..`, doubled and trailing slashes of an absolute path.
pub fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::with_capacity(12);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut out = String::with_capacity(path.len());
    for part in parts {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

/// The folder of an absolute path.
pub fn dirname(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => &path[..at],
    }
}

/// `dir` + `/` + `name` without doubling the slash of the root.
pub fn join(dir: &str, name: &str) -> String {
    let mut out = String::with_capacity(dir.len() + name.len() + 1);
    out.push_str(dir);
    if !dir.ends_with('/') {
        out.push('/');
    }
    out.push_str(name);
    out
}

/// The node_modules folders that a file in `from` sees, nearest first.
/// Node docs: "Loading from node_modules folders".
pub fn node_modules_paths(from: &str) -> Vec<String> {
    let from = normalize(from);
    let mut out = Vec::new();
    let mut dir = from.as_str();
    while dir != "/" {
        let name = dir.rsplit('/').next().unwrap_or_default();
        if name != "node_modules" {
            out.push(join(dir, "node_modules"));
        }
        dir = dirname(dir);
    }
    out.push("/node_modules".to_owned());
    out
}

/// Decodes `%XX`. Malformed escapes stay as they are.
pub fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%'
            && let Some(value) = hex_pair(bytes, at + 1)
        {
            out.push(value);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex_pair(bytes: &[u8], at: usize) -> Option<u8> {
    let high = char::from(*bytes.get(at)?).to_digit(16)?;
    let low = char::from(*bytes.get(at + 1)?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

/// Whether a URL path hides a separator: `%2f` or `%5c` in either case.
pub fn has_encoded_separator(text: &str) -> bool {
    text.as_bytes().windows(3).any(|w| {
        w[0] == b'%'
            && ((w[1] == b'2' && w[2].eq_ignore_ascii_case(&b'f'))
                || (w[1] == b'5' && w[2].eq_ignore_ascii_case(&b'c')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves() {
        assert_eq!(resolve("/a/b", "./c"), "/a/b/c");
        assert_eq!(resolve("/a/b", "../c/"), "/a/c");
        assert_eq!(resolve("/a", "../../.."), "/");
        assert_eq!(resolve("/a", "/x//y/./z"), "/x/y/z");
        assert_eq!(join("/", "node_modules"), "/node_modules");
        assert_eq!(dirname("/a"), "/");
    }

    #[test]
    fn walks_up() {
        assert_eq!(
            node_modules_paths("/a/node_modules/b"),
            ["/a/node_modules/b/node_modules", "/a/node_modules", "/node_modules"]
        );
        assert_eq!(node_modules_paths("/"), ["/node_modules"]);
    }

    #[test]
    fn decodes() {
        assert_eq!(percent_decode("a%20b%zz%"), "a b%zz%");
        assert!(has_encoded_separator("./a%2Fb"));
        assert!(!has_encoded_separator("./a%20b"));
    }
}
