//! Handles behind generational keys.
//!
//! A [`Key`] is an index and the generation of the slot at the time the handle was made. Removing a
//! handle moves the generation on, so a key that outlived its handle finds nothing: the loop needs
//! no reference counts and nobody can reach a handle that is gone.

/// Names one handle of one loop. Copies freely; finds nothing once the handle is closed.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key {
    generation: u32,
    index: u32,
}

impl Key {
    /// The key as one number, for tables and for the poller's tokens.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        ((self.generation as u64) << 32) | self.index as u64
    }

    /// The inverse of [`Key::to_bits`]. A number nobody handed out makes a key that finds nothing.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Key {
        Key { generation: (bits >> 32) as u32, index: bits as u32 }
    }

    /// Position of the slot: dense, reused, unique among the handles of a loop at any one time.
    pub(crate) const fn index(self) -> usize {
        self.index as usize
    }
}

/// The last generation a slot may have; beyond it the slot is retired. The poller's own tokens
/// live above it.
const GENERATION_MAX: u32 = u32::MAX - 1;

struct Slot<T> {
    generation: u32,
    value: Option<T>,
}

/// A slab whose keys carry a generation.
pub(crate) struct Table<T> {
    free: Vec<u32>,
    slots: Vec<Slot<T>>,
}

impl<T> Table<T> {
    pub(crate) const fn new() -> Table<T> {
        Table { free: Vec::new(), slots: Vec::new() }
    }

    pub(crate) fn insert(&mut self, value: T) -> Key {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.value = Some(value);
            return Key { generation: slot.generation, index };
        }
        let index = self.slots.len() as u32;
        self.slots.push(Slot { generation: 1, value: Some(value) });
        Key { generation: 1, index }
    }

    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<&T> {
        let slot = self.slots.get(key.index())?;
        if slot.generation == key.generation { slot.value.as_ref() } else { None }
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.index())?;
        if slot.generation == key.generation { slot.value.as_mut() } else { None }
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<T> {
        let slot = self.slots.get_mut(key.index())?;
        if slot.generation != key.generation {
            return None;
        }
        let value = slot.value.take()?;
        if slot.generation < GENERATION_MAX {
            slot.generation += 1;
            self.free.push(key.index);
        }
        Some(value)
    }

    /// Every handle with its key, by slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let key = Key { generation: slot.generation, index: index as u32 };
            slot.value.as_ref().map(|value| (key, value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_key_finds_nothing() {
        let mut table = Table::new();
        let first = table.insert('a');
        assert_eq!(table.remove(first), Some('a'));
        let second = table.insert('b');
        assert_eq!(first.index(), second.index(), "the slot is used again");
        assert_eq!(table.get(first), None);
        assert_eq!(table.get_mut(first), None);
        assert_eq!(table.remove(first), None);
        assert_eq!(table.get(second), Some(&'b'));
        assert_eq!(table.get(Key::from_bits(second.to_bits())), Some(&'b'));
        assert_eq!(table.get(Key::from_bits(77)), None);
        assert_eq!(table.iter().collect::<Vec<_>>(), [(second, &'b')]);
    }
}
