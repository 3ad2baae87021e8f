//! Block ciphers of one size of block as one type, so that a mode is compiled once for all of them.

use aes::{Aes128, Aes192, Aes256};
use aria::{Aria128, Aria192, Aria256};
use camellia::{Camellia128, Camellia192, Camellia256};
use cipher::consts::{U8, U16};
use cipher::{
    BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, KeyInit as _,
};
use des::{TdesEde2, TdesEde3};
use sm4::Sm4;

macro_rules! block_ciphers {
    ($(#[$doc:meta])* $name:ident, $size:ty, $($variant:ident, $cipher:ty, $text:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(super) enum $name {
            $($variant(Box<$cipher>),)*
        }

        impl $name {
            /// Keys a cipher; `None` for a name that is none of them, or a key of another length.
            pub(super) fn new(name: &str, key: &[u8]) -> Option<$name> {
                match name {
                    $($text => <$cipher>::new_from_slice(key).ok().map(|cipher| $name::$variant(Box::new(cipher))),)*
                    _ => None,
                }
            }
        }

        impl BlockSizeUser for $name {
            type BlockSize = $size;
        }

        impl BlockCipherEncrypt for $name {
            fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = $size>) {
                match self {
                    $($name::$variant(cipher) => cipher.encrypt_with_backend(f),)*
                }
            }
        }

        impl BlockCipherDecrypt for $name {
            fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = $size>) {
                match self {
                    $($name::$variant(cipher) => cipher.decrypt_with_backend(f),)*
                }
            }
        }
    };
}

block_ciphers! {
    /// A cipher of blocks of 16 bytes.
    Block16, U16,
    Aes128, Aes128, "aes-128";
    Aes192, Aes192, "aes-192";
    Aes256, Aes256, "aes-256";
    Aria128, Aria128, "aria-128";
    Aria192, Aria192, "aria-192";
    Aria256, Aria256, "aria-256";
    Camellia128, Camellia128, "camellia-128";
    Camellia192, Camellia192, "camellia-192";
    Camellia256, Camellia256, "camellia-256";
    Sm4, Sm4, "sm4";
}

block_ciphers! {
    /// A cipher of blocks of 8 bytes.
    Block8, U8,
    Ede2, TdesEde2, "des-ede";
    Ede3, TdesEde3, "des-ede3";
}

impl Block16 {
    /// Whether there is a cipher of the name.
    pub(super) fn knows(name: &str) -> bool {
        matches!(name.split_once('-'), Some(("aes" | "aria" | "camellia", "128" | "192" | "256"))) || name == "sm4"
    }
}
