//! The static Huffman code of HPACK. RFC 7541 §5.2, appendix B.
//!
//! The code is canonical: symbols in the order of (length, value) have consecutive codes, so that the lengths say it all.

/// Bits of each symbol's code; the last one is EOS. RFC 7541 appendix B.
#[rustfmt::skip]
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30,
];

/// The longest code, in bits.
const BITS_MAX: usize = 30;
const EOS: u16 = 256;

struct Table {
    /// Code of each symbol, in its low bits.
    codes: [u32; 257],
    /// By length: the first code, how many there are, and where their symbols begin.
    first: [u32; BITS_MAX + 1],
    count: [u32; BITS_MAX + 1],
    start: [u16; BITS_MAX + 1],
    /// Symbols by (length, value).
    symbols: [u16; 257],
}

const fn build() -> Table {
    let mut table = Table {
        codes: [0; 257],
        first: [0; BITS_MAX + 1],
        count: [0; BITS_MAX + 1],
        start: [0; BITS_MAX + 1],
        symbols: [0; 257],
    };
    let mut code = 0;
    let mut at = 0;
    let mut length = 1;
    while length <= BITS_MAX {
        table.first[length] = code;
        table.start[length] = at as u16;
        let mut symbol = 0;
        while symbol < 257 {
            if LENGTHS[symbol] as usize == length {
                table.codes[symbol] = code;
                table.symbols[at] = symbol as u16;
                table.count[length] += 1;
                code += 1;
                at += 1;
            }
            symbol += 1;
        }
        code <<= 1;
        length += 1;
    }
    table
}

static TABLE: Table = build();

/// Eight bits at a time: the symbol and the length of its code, for codes of at most eight bits; a length of 0 for others.
static SHORT: [(u8, u8); 256] = build_short();

const fn build_short() -> [(u8, u8); 256] {
    let table = build();
    let mut out = [(0, 0); 256];
    let mut symbol = 0;
    while symbol < 256 {
        let length = LENGTHS[symbol];
        if length <= 8 {
            let base = (table.codes[symbol] << (8 - length)) as usize;
            let mut rest = 0;
            while rest < (1 << (8 - length)) {
                out[base + rest] = (symbol as u8, length);
                rest += 1;
            }
        }
        symbol += 1;
    }
    out
}

/// The length of `text` in the code, in bytes.
#[must_use]
pub fn encoded_len(text: &[u8]) -> usize {
    let bits: usize = text.iter().map(|byte| usize::from(LENGTHS[usize::from(*byte)])).sum();
    bits.div_ceil(8)
}

/// Appends `text` in the code, padded with ones.
pub fn encode(text: &[u8], out: &mut Vec<u8>) {
    let mut pending: u64 = 0;
    let mut bits = 0;
    for byte in text {
        let symbol = usize::from(*byte);
        let length = u32::from(LENGTHS[symbol]);
        pending = pending << length | u64::from(TABLE.codes[symbol]);
        bits += length;
        while bits >= 8 {
            bits -= 8;
            out.push((pending >> bits) as u8);
        }
    }
    if bits > 0 {
        let ones = (1 << (8 - bits)) - 1;
        out.push((pending << (8 - bits)) as u8 | ones);
    }
}

/// Appends the text of `input` to `out`; false if it is no valid code: EOS in it, or padding that is longer than seven bits
/// or not all ones. RFC 7541 §5.2.
#[must_use]
pub fn decode(input: &[u8], out: &mut Vec<u8>) -> bool {
    let mut pending: u64 = 0;
    let mut bits: u32 = 0;
    let mut bytes = input.iter();
    loop {
        while bits <= 32 {
            let Some(byte) = bytes.next() else { break };
            pending = pending << 8 | u64::from(*byte);
            bits += 8;
        }
        if bits == 0 {
            return true;
        }
        // The next bits, at the top; ones behind the end look like padding.
        let window = if bits >= 32 { (pending >> (bits - 32)) as u32 } else { top_up(pending, bits) };
        let (symbol, length) = SHORT[(window >> 24) as usize];
        if length > 0 {
            if u32::from(length) > bits {
                return is_padding(pending, bits);
            }
            out.push(symbol);
            bits -= u32::from(length);
            continue;
        }
        match long_code(window) {
            Some((symbol, length)) if length <= bits => {
                if symbol == EOS {
                    return false;
                }
                out.push(symbol as u8);
                bits -= length;
            }
            _ => return is_padding(pending, bits),
        }
    }
}

fn top_up(pending: u64, bits: u32) -> u32 {
    let missing = 32 - bits;
    (pending << missing) as u32 | ((1_u64 << missing) - 1) as u32
}

fn is_padding(pending: u64, bits: u32) -> bool {
    bits < 8 && pending & ((1 << bits) - 1) == (1 << bits) - 1
}

fn long_code(window: u32) -> Option<(u16, u32)> {
    (9..=BITS_MAX).find_map(|length| {
        let code = window >> (32 - length);
        let index = code.checked_sub(TABLE.first[length])?;
        (index < TABLE.count[length])
            .then(|| (TABLE.symbols[usize::from(TABLE.start[length]) + index as usize], length as u32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], code: &[u8]) {
        let mut out = Vec::new();
        encode(text, &mut out);
        assert_eq!(out, code);
        assert_eq!(encoded_len(text), code.len());
        let mut back = Vec::new();
        assert!(decode(code, &mut back));
        assert_eq!(back, text);
    }

    #[test]
    fn examples() {
        // RFC 7541 appendix C.4, C.6.
        check(b"www.example.com", &[0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff]);
        check(b"no-cache", &[0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf]);
        check(b"302", &[0x64, 0x02]);
        check(b"", &[]);
    }

    #[test]
    fn every_byte() {
        let all: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        let mut code = Vec::new();
        encode(&all, &mut code);
        let mut back = Vec::new();
        assert!(decode(&code, &mut back));
        assert_eq!(back, all);
    }

    #[test]
    fn bad_codes() {
        let mut out = Vec::new();
        assert!(!decode(&[0xff], &mut out)); // eight bits of padding
        assert!(!decode(&[0xff, 0xff, 0xff, 0xff], &mut out)); // EOS
        assert!(!decode(&[0x00], &mut out)); // padding of zeros: '0' and three zero bits
    }
}
