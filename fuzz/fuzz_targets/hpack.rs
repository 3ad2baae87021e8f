//! HPACK and its Huffman code: any block is decoded or refused; what is encoded decodes to itself.
#![no_main]

use anode_http2_pure::{Decoder, Encoder, Fields};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut decoder = Decoder::new();
    for block in data.chunks(64) {
        let mut bytes = 0;
        if decoder.decode(block, |name, value, _sensitive| bytes += name.len() + value.len()).is_err() {
            break;
        }
        assert!(decoder.table_bytes() <= 4096);
    }

    let mut encoder = Encoder::new(4096);
    let mut decoder = Decoder::new();
    for part in data.chunks(48) {
        let mut fields = Fields::default();
        for pair in part.chunks(12) {
            let (name, value) = pair.split_at(pair.len() / 3);
            fields.push(name, value, pair[0] & 1 == 1);
        }
        let mut block = Vec::new();
        encoder.encode(&fields, &mut block);
        let mut got = Vec::new();
        let decoded =
            decoder.decode(&block, |name, value, sensitive| got.push((name.to_vec(), value.to_vec(), sensitive)));
        assert!(decoded.is_ok());
        let want: Vec<_> =
            fields.iter().map(|(name, value, sensitive)| (name.to_vec(), value.to_vec(), sensitive)).collect();
        assert_eq!(got, want);
    }
});
