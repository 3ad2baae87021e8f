//! Finding bytes in bytes. Node docs: buf.indexOf, buf.lastIndexOf.

use memchr::memmem;

/// The place of `needle`, in bytes.
///
/// `offset`: where a match may start at the earliest (`forward`) or at the latest; negative counts from the end.
/// `step`: 2 for UTF-16 text, of which matches start at even places only; else 1.
/// An empty needle is found at `offset`, or at the end if that is further.
pub fn index_of(haystack: &[u8], needle: &[u8], offset: i64, forward: bool, step: usize) -> Option<usize> {
    let length = haystack.len();
    let start = if offset < 0 { offset + length as i64 } else { offset };
    if needle.is_empty() {
        // The end of UTF-16 text is that of its last whole unit.
        return Some(
            usize::try_from(start).map_or(0, |start| if start > length { length - length % step } else { start }),
        );
    }
    let mut start = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) if forward => 0,
        Err(_) => return None,
    };
    if needle.len() > length || (step == 2 && (length < 2 || needle.len() < 2)) {
        return None;
    }
    if step == 2 {
        start -= start % 2;
    }
    if forward {
        let mut from = start;
        while let Some(found) = memmem::find(haystack.get(from..)?, needle) {
            let at = from + found;
            if at % step == 0 {
                return Some(at);
            }
            from = at + 1;
        }
        return None;
    }
    let mut end = start.min(length - needle.len()) + needle.len();
    while let Some(at) = memmem::rfind(haystack.get(..end)?, needle) {
        if at % step == 0 {
            return Some(at);
        }
        end = (at + needle.len()).checked_sub(1)?;
    }
    None
}

/// As [`index_of`], for one byte.
pub fn index_of_byte(haystack: &[u8], byte: u8, offset: i64, forward: bool) -> Option<usize> {
    let start = if offset < 0 { offset + haystack.len() as i64 } else { offset };
    if forward {
        let start = usize::try_from(start).unwrap_or(0);
        return memchr::memchr(byte, haystack.get(start..)?).map(|found| start + found);
    }
    let end = usize::try_from(start).ok()?.saturating_add(1).min(haystack.len());
    memchr::memrchr(byte, &haystack[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forward() {
        let check = |needle: &str, offset, want| {
            assert_eq!(index_of(b"abcabc", needle.as_bytes(), offset, true, 1), want, "{needle:?} from {offset}");
        };
        check("c", 0, Some(2));
        check("c", 3, Some(5));
        check("c", -1, Some(5));
        check("c", -100, Some(2));
        check("c", 100, None);
        check("abcabcd", 0, None);
        check("", 3, Some(3));
        check("", 100, Some(6));
        check("", -100, Some(0));
    }

    #[test]
    fn backward() {
        let check = |needle: &str, offset, want| {
            assert_eq!(index_of(b"abcabc", needle.as_bytes(), offset, false, 1), want, "{needle:?} from {offset}");
        };
        check("c", 100, Some(5));
        check("c", 4, Some(2));
        check("bc", -1, Some(4));
        check("a", -100, None);
        check("c", 0, None);
        check("", 100, Some(6));
        check("", -100, Some(0));
    }

    #[test]
    fn utf16() {
        // "\u6162\u0063", in which the bytes of "\u6361" start at an odd place.
        let haystack = [0x62, 0x61, 0x63, 0x00, 0x61, 0x63];
        assert_eq!(index_of(&haystack, &[0x61, 0x63], 0, true, 2), Some(4));
        assert_eq!(index_of(&haystack, &[0x61, 0x63], 5, false, 2), Some(4));
        assert_eq!(index_of(&haystack, &[0x61, 0x63], 3, false, 2), None);
        assert_eq!(index_of(&haystack, &[0x61], 0, true, 2), None);
    }

    #[test]
    fn bytes() {
        assert_eq!(index_of_byte(b"abca", b'a', 1, true), Some(3));
        assert_eq!(index_of_byte(b"abca", b'a', -2, false), Some(0));
        assert_eq!(index_of_byte(b"abca", b'a', 100, false), Some(3));
        assert_eq!(index_of_byte(b"abca", b'a', 100, true), None);
        assert_eq!(index_of_byte(b"", b'a', 0, false), None);
    }
}
