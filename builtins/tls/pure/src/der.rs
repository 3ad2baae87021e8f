//! Reading DER (X.690): one element after the other, without copies.
//!
//! **Invariant:** no length taken from the input is trusted: an element that does not fit is `None`.

/// Universal tags.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// SET.
pub const SET: u8 = 0x31;

/// One element: its tag, its contents, and all of it.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The contents octets.
    pub body: &'a [u8],
    /// Header and contents.
    pub whole: &'a [u8],
}

/// What is left of a series of elements.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next element.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element, whatever it is. Tags above 30 and indefinite lengths are refused.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let [tag, first, ..] = *self.0 else { return None };
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, header) = if first < 0x80 {
            (usize::from(first), 2)
        } else {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 {
                return None;
            }
            let digits = self.0.get(2..2 + count)?;
            (digits.iter().fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit)), 2 + count)
        };
        let end = header.checked_add(length)?;
        let whole = self.0.get(..end)?;
        self.0 = &self.0[end..];
        Some(Element { tag, body: &whole[header..], whole })
    }

    /// The next element if it has this tag; else nothing is taken.
    pub fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.peek() == Some(tag) { self.any() } else { None }
    }

    /// The next element, which must have this tag.
    pub fn need(&mut self, tag: u8) -> Option<Element<'a>> {
        self.optional(tag)
    }

    /// The contents of the next element, which must have this tag.
    pub fn enter(&mut self, tag: u8) -> Option<Reader<'a>> {
        Some(Reader(self.need(tag)?.body))
    }
}

/// The bytes of a BIT STRING of whole bytes.
#[must_use]
pub fn bit_string(body: &[u8]) -> Option<&[u8]> {
    match body {
        [0, rest @ ..] => Some(rest),
        _ => None,
    }
}

/// A small non-negative INTEGER.
#[must_use]
pub fn small(body: &[u8]) -> Option<u32> {
    if body.is_empty() || body.len() > 5 || body[0] & 0x80 != 0 {
        return None;
    }
    body.iter().try_fold(0_u32, |sum, digit| sum.checked_mul(256)?.checked_add(u32::from(*digit)))
}

/// Seconds since 1970 of a UTCTime or GeneralizedTime. RFC 5280 §4.1.2.5.
#[must_use]
pub fn time(element: &Element<'_>) -> Option<i64> {
    let text = std::str::from_utf8(element.body).ok()?.strip_suffix('Z')?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match element.tag {
        UTC_TIME if text.len() == 12 => {
            let short: i64 = text[..2].parse().ok()?;
            (if short < 50 { 2000 + short } else { 1900 + short }, &text[2..])
        }
        GENERALIZED_TIME if text.len() == 14 => (text[..4].parse().ok()?, &text[4..]),
        _ => return None,
    };
    let number = |at: usize| rest[at..at + 2].parse::<i64>().ok();
    let (month, day, hour, minute, second) = (number(0)?, number(2)?, number(4)?, number(6)?, number(8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days from civil: eras of 400 years, years that begin in March.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        for bytes in [&[0x30][..], &[0x30, 5, 1], &[0x30, 0x80], &[0x30, 0x85, 1, 1, 1, 1, 1], &[0x1f, 1, 1]] {
            assert!(Reader(bytes).any().is_none(), "{bytes:?}");
        }
        assert_eq!(Reader(&[2, 1, 7, 9]).any().map(|element| element.body.to_vec()), Some(vec![7]));
    }

    #[test]
    fn times() {
        #[track_caller]
        fn check(tag: u8, text: &str, want: Option<i64>) {
            let element = Element { tag, body: text.as_bytes(), whole: &[] };
            assert_eq!(time(&element), want, "{text}");
        }
        check(UTC_TIME, "700101000000Z", Some(0));
        check(UTC_TIME, "491231235959Z", Some(2_524_607_999));
        check(GENERALIZED_TIME, "20000229120000Z", Some(951_825_600));
        check(UTC_TIME, "7001010000Z", None);
        check(GENERALIZED_TIME, "20001301000000Z", None);
    }
}
