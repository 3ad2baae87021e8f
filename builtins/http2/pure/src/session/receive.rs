//! Input: frames, and what they do to streams. RFC 9113 §5, §6.

use super::{
    ACKS_MAX, CONTINUATIONS_MAX, Category, Event, HEADER_LIST_BYTES_MAX, Reason, Session, Stream, opens_block,
};
use crate::error::{Fatal, code};
use crate::frame::{HEAD_BYTES, Head, flag, kind, u32_at};
use crate::hpack::Fields;
use crate::message::{Block, Checker, Verdict};
use crate::settings::{WINDOW_MAX, id as setting};

/// A header block that is not complete.
#[derive(Debug)]
pub(super) struct OpenBlock {
    head: Head,
    bytes: Vec<u8>,
    promised: u32,
    continuations: u32,
}

/// What a header block brought.
struct Decoded {
    fields: Fields,
    good: bool,
    too_large: bool,
    checker: Checker,
}

impl Session {
    /// Reads bytes of the peer; `now_s` is a clock in seconds. How many were read: fewer than given only after an error.
    pub fn feed(&mut self, input: &[u8], now_s: u64) -> usize {
        self.now_s = now_s;
        let mut at = 0;
        if !self.preface.is_empty() {
            let length = self.preface.len().min(input.len());
            let (expected, rest) = self.preface.split_at(length);
            if expected != &input[..length] {
                self.dead = true;
                self.events.push(Event::Error(Fatal::BadClientMagic, None));
                return 0;
            }
            self.preface = rest;
            at = length;
        }
        while at < input.len() && !self.dead {
            at += match self.current {
                None => self.feed_head(&input[at..]),
                Some(head) if head.kind == kind::DATA => self.feed_data(head, input, at),
                Some(head) => self.feed_payload(head, &input[at..]),
            };
            // Frames without payload are complete with their header.
            while let Some(head) = self.current
                && self.left == 0
                && !self.dead
            {
                self.current = None;
                if head.kind == kind::DATA {
                    self.end_data(head);
                } else {
                    let payload = std::mem::take(&mut self.payload);
                    self.frame(head, &payload);
                }
            }
        }
        at
    }

    fn feed_head(&mut self, input: &[u8]) -> usize {
        let taken = (HEAD_BYTES - self.head_filled).min(input.len());
        self.head_bytes[self.head_filled..self.head_filled + taken].copy_from_slice(&input[..taken]);
        self.head_filled += taken;
        if self.head_filled < HEAD_BYTES {
            return taken;
        }
        self.head_filled = 0;
        let head = Head::read(&self.head_bytes);
        self.start_frame(head);
        taken
    }

    fn start_frame(&mut self, head: Head) {
        if !self.settings_seen && (head.kind != kind::SETTINGS || head.has(flag::ACK)) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        if head.length > self.local.max_frame_size as usize {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        }
        // A header block is in one piece: nothing comes between its frames. RFC 9113 §4.3.
        let expected = self.block.as_ref().map(|block| block.head.id);
        let continues = head.kind == kind::CONTINUATION;
        if expected.is_some() != continues || expected.is_some_and(|id| id != head.id) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        self.current = Some(head);
        self.left = head.length;
        self.padding = None;
        if head.kind == kind::DATA {
            self.start_data(head);
        }
    }

    fn feed_payload(&mut self, head: Head, input: &[u8]) -> usize {
        if self.payload.is_empty() && input.len() >= self.left {
            let taken = self.left;
            self.left = 0;
            self.current = None;
            self.frame(head, &input[..taken]);
            return taken;
        }
        let taken = self.left.min(input.len());
        self.payload.extend_from_slice(&input[..taken]);
        self.left -= taken;
        taken
    }

    // -----------------------------------------------------------------------------------------------------------------
    // DATA

    fn start_data(&mut self, head: Head) {
        if head.id == 0 || self.is_idle(head.id) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        if head.has(flag::PADDED) && head.length == 0 {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        if !head.has(flag::PADDED) {
            self.padding = Some(0);
        }
        let bytes = head.length as i64;
        if !self.window.receive(bytes) {
            self.fail(code::FLOW_CONTROL_ERROR, Fatal::Proto);
            return;
        }
        let Some(stream) = self.streams.get_mut(&head.id) else { return };
        if stream.remote_closed || stream.reserved_local || stream.reserved_remote {
            self.fail(code::STREAM_CLOSED, Fatal::Proto);
            return;
        }
        if !stream.window.receive(bytes) {
            self.fail(code::FLOW_CONTROL_ERROR, Fatal::Proto);
            return;
        }
        if !stream.headers_received {
            self.malformed(head.id);
        }
    }

    fn feed_data(&mut self, head: Head, input: &[u8], at: usize) -> usize {
        let available = self.left.min(input.len() - at);
        let Some(padding) = self.padding else {
            let padding = usize::from(input[at]);
            self.left -= 1;
            self.give_back(head.id, 1);
            self.padding = Some(padding);
            if padding > self.left {
                self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            }
            return 1;
        };
        let body = available.min(self.left.saturating_sub(padding));
        if body > 0 {
            self.body(head.id, at, at + body);
        }
        if available > body {
            self.give_back(head.id, (available - body) as i64);
        }
        self.left -= available;
        available
    }

    /// Bytes that nobody reads: padding.
    fn give_back(&mut self, id: u32, bytes: i64) {
        self.consume_connection(bytes);
        self.consume(id, bytes);
    }

    fn body(&mut self, id: u32, start: usize, end: usize) {
        let bytes = end - start;
        self.consume_connection(bytes as i64);
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.received_body += bytes as u64;
        if stream.length.is_some_and(|length| stream.received_body > length) {
            self.malformed(id);
            return;
        }
        self.events.push(Event::Data { id, start, end });
        if stream.reading {
            self.consume(id, bytes as i64);
        } else {
            stream.held += bytes as i64;
        }
    }

    fn end_data(&mut self, head: Head) {
        self.frames.received += 1;
        if head.has(flag::END_STREAM) && self.streams.contains_key(&head.id) && self.has_announced_length(head.id) {
            self.events.push(Event::EndData { id: head.id });
            self.end_remote(head.id);
        }
    }

    /// Whether the body is as long as was announced; the stream is refused otherwise.
    fn has_announced_length(&mut self, id: u32) -> bool {
        let good = self
            .streams
            .get(&id)
            .is_none_or(|stream| stream.length.is_none_or(|length| length == stream.received_body));
        if !good {
            self.malformed(id);
        }
        good
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Other frames

    fn frame(&mut self, head: Head, payload: &[u8]) {
        self.frames.received += 1;
        match head.kind {
            kind::HEADERS | kind::PUSH_PROMISE => self.block_frame(head, payload),
            kind::CONTINUATION => self.continuation(head, payload),
            kind::PRIORITY => self.priority(head, payload),
            kind::RST_STREAM => self.rst_stream(head, payload),
            kind::SETTINGS => self.settings(head, payload),
            kind::PING => self.ping(head, payload),
            kind::GOAWAY => self.goaway(head, payload),
            kind::WINDOW_UPDATE => self.window_update(head, payload),
            kind::ALTSVC => self.altsvc(head, payload),
            kind::ORIGIN => self.origin(head, payload),
            // RFC 9113 §4.1: unknown types are ignored.
            _ => {}
        }
    }

    /// Whether a stream of that number was never opened.
    fn is_idle(&self, id: u32) -> bool {
        if self.is_ours(id) { id >= self.next_id } else { id > self.last_incoming }
    }

    /// A frame was refused; too many of them end the session. Node docs: maxSessionInvalidFrames.
    pub(super) fn invalid_frame(&mut self) {
        self.invalid_frames += 1;
        if self.invalid_frames > self.options.invalid_frames_max {
            self.give_up(Some(Reason::TooManyInvalidFrames));
        }
    }

    fn priority(&mut self, head: Head, payload: &[u8]) {
        if payload.len() != 5 {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
        } else if head.id != 0 {
            self.priority_event(head.id, payload);
        }
    }

    fn priority_event(&mut self, id: u32, fields: &[u8]) {
        let parent = u32_at(fields, 0);
        self.events.push(Event::Priority {
            id,
            parent: parent & 0x7fff_ffff,
            weight: fields.get(4).copied().unwrap_or(15),
            exclusive: parent >> 31 != 0,
        });
    }

    fn rst_stream(&mut self, head: Head, payload: &[u8]) {
        if payload.len() != 4 {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        }
        if head.id == 0 || self.is_idle(head.id) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        if self.options.server && !self.is_ours(head.id) && !self.allow_reset() {
            self.fail(code::INTERNAL_ERROR, Fatal::Flooded);
            return;
        }
        self.remove(head.id, u32_at(payload, 0));
    }

    /// A bucket of resets, refilled every second. Node docs: streamResetBurst, streamResetRate.
    fn allow_reset(&mut self) -> bool {
        let (burst, rate) = self.options.stream_resets;
        let seconds = self.now_s.saturating_sub(self.resets_at_s);
        if seconds > 0 {
            self.resets_left = self.resets_left.saturating_add(rate.saturating_mul(seconds)).min(burst);
            self.resets_at_s = self.now_s;
        }
        if self.resets_left == 0 {
            return false;
        }
        self.resets_left -= 1;
        true
    }

    fn settings(&mut self, head: Head, payload: &[u8]) {
        if head.id != 0 {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        if head.has(flag::ACK) {
            self.settings_ack(payload);
            return;
        }
        if !payload.len().is_multiple_of(6) {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        }
        if payload.len() / 6 > self.options.settings_entries_max {
            self.fail(code::ENHANCE_YOUR_CALM, Fatal::Proto);
            return;
        }
        self.settings_seen = true;
        if !self.remote_settings_seen {
            // What was a guess is now the default of the protocol.
            self.remote_settings_seen = true;
            self.remote.max_concurrent_streams = u32::MAX;
        }
        for entry in payload.chunks_exact(6) {
            let name = u16::from_be_bytes([entry[0], entry[1]]);
            if !self.remote_setting(name, u32_at(entry, 2)) {
                return;
            }
        }
        if !self.queue_ack() {
            return;
        }
        Head { length: 0, kind: kind::SETTINGS, flags: flag::ACK, id: 0 }.write(&mut self.out);
        self.sent();
        self.events.push(Event::Settings);
        self.start_waiting();
    }

    fn queue_ack(&mut self) -> bool {
        self.acks += 1;
        if self.acks > ACKS_MAX {
            self.dead = true;
            self.events.push(Event::Error(Fatal::Flooded, None));
            return false;
        }
        true
    }

    fn remote_setting(&mut self, name: u16, value: u32) -> bool {
        let bad = match name {
            setting::ENABLE_PUSH => value > 1 || (value == 1 && !self.options.server),
            setting::ENABLE_CONNECT_PROTOCOL => {
                // RFC 8441 §3: once allowed it stays so.
                value > 1 || (value == 0 && self.remote.enable_connect_protocol)
            }
            setting::MAX_FRAME_SIZE => !(16_384..1 << 24).contains(&value),
            _ => false,
        };
        if bad {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return false;
        }
        match name {
            setting::HEADER_TABLE_SIZE => self.encoder.set_allowed(value as usize),
            setting::INITIAL_WINDOW_SIZE => {
                let delta = i64::from(value) - i64::from(self.remote.initial_window_size);
                let fits = self.streams.values().all(|stream| stream.send_window + delta <= WINDOW_MAX);
                if i64::from(value) > WINDOW_MAX || !fits {
                    self.fail(code::FLOW_CONTROL_ERROR, Fatal::FlowControl);
                    return false;
                }
                let ids: Vec<u32> = self.streams.keys().copied().collect();
                for id in ids {
                    if let Some(stream) = self.streams.get_mut(&id) {
                        stream.send_window += delta;
                    }
                    self.wake(id);
                }
            }
            _ => {}
        }
        let known = name <= 6 || name == setting::ENABLE_CONNECT_PROTOCOL;
        if known || self.options.remote_custom_settings.contains(&name) {
            self.remote.set(name, value);
        }
        true
    }

    fn settings_ack(&mut self, payload: &[u8]) {
        if !payload.is_empty() {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        }
        let Some(entries) = self.settings_sent.pop_front() else {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        };
        for (name, value) in entries {
            match name {
                setting::HEADER_TABLE_SIZE => self.decoder.set_allowed(value as usize),
                setting::INITIAL_WINDOW_SIZE => {
                    let delta = i64::from(value) - i64::from(self.local.initial_window_size);
                    for stream in self.streams.values_mut() {
                        stream.window.local += delta;
                    }
                }
                _ => {}
            }
            self.local.set(name, value);
        }
        self.events.push(Event::SettingsAck);
    }

    fn ping(&mut self, head: Head, payload: &[u8]) {
        if head.id != 0 {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        let Ok(payload) = <[u8; 8]>::try_from(payload) else {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        };
        let ack = head.has(flag::ACK);
        if ack {
            if self.pings.pop_front().is_none() {
                self.fail(code::INTERNAL_ERROR, Fatal::Proto);
                return;
            }
        } else {
            if !self.queue_ack() {
                return;
            }
            self.write_ping(flag::ACK, payload);
        }
        self.events.push(Event::Ping { ack, payload });
    }

    fn goaway(&mut self, head: Head, payload: &[u8]) {
        if head.id != 0 {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        if payload.len() < 8 {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        }
        let last = u32_at(payload, 0) & 0x7fff_ffff;
        let code = u32_at(payload, 4);
        // RFC 9113 §6.8: a number of ours, and never a larger one than before.
        let wrong = (last > 0 && !self.is_ours(last)) || self.goaway_received.is_some_and(|before| last > before);
        if wrong {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        self.goaway_received = Some(last);
        self.events.push(Event::Goaway { code, last, data: payload[8..].to_vec() });
        // What the peer has not looked at can be tried again elsewhere.
        let mut refused: Vec<u32> = self.streams.keys().copied().filter(|id| self.is_ours(*id) && *id > last).collect();
        refused.sort_unstable();
        self.waiting.clear();
        for id in refused {
            self.remove(id, code::REFUSED_STREAM);
        }
    }

    fn window_update(&mut self, head: Head, payload: &[u8]) {
        if payload.len() != 4 {
            self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
            return;
        }
        let growth = i64::from(u32_at(payload, 0) & 0x7fff_ffff);
        if head.id == 0 {
            if growth == 0 || self.send_window + growth > WINDOW_MAX {
                if growth == 0 {
                    self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
                } else {
                    self.fail(code::FLOW_CONTROL_ERROR, Fatal::FlowControl);
                }
                return;
            }
            self.send_window += growth;
            return;
        }
        if self.is_idle(head.id) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        let Some(stream) = self.streams.get_mut(&head.id) else { return };
        if growth == 0 {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
        } else if stream.send_window + growth > WINDOW_MAX {
            self.fail(code::FLOW_CONTROL_ERROR, Fatal::FlowControl);
        } else {
            stream.send_window += growth;
            self.wake(head.id);
        }
    }

    fn altsvc(&mut self, head: Head, payload: &[u8]) {
        // RFC 7838 §4: for clients only; malformed ones are ignored.
        if self.options.server || payload.len() < 2 {
            return;
        }
        let length = usize::from(u16::from_be_bytes([payload[0], payload[1]]));
        let Some((origin, value)) = payload[2..].split_at_checked(length) else { return };
        if (head.id == 0) == origin.is_empty() {
            return;
        }
        self.events.push(Event::AltSvc { id: head.id, origin: origin.to_vec(), value: value.to_vec() });
    }

    fn origin(&mut self, head: Head, payload: &[u8]) {
        // RFC 8336 §2.1: for clients, on the connection, without flags.
        if self.options.server || head.id != 0 || head.flags & 0x0f != 0 {
            return;
        }
        let mut origins = Vec::new();
        let mut rest = payload;
        while let [high, low, tail @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let Some((origin, tail)) = tail.split_at_checked(length) else {
                self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
                return;
            };
            if !origin.is_empty() {
                origins.push(origin.to_vec());
            }
            rest = tail;
        }
        self.events.push(Event::Origin(origins));
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Header blocks

    fn block_frame(&mut self, head: Head, payload: &[u8]) {
        if head.id == 0 {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        let mut rest = payload;
        if head.has(flag::PADDED) {
            let Some((length, tail)) = rest.split_first() else {
                self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
                return;
            };
            let Some(end) = tail.len().checked_sub(usize::from(*length)) else {
                self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
                return;
            };
            rest = &tail[..end];
        }
        let mut promised = 0;
        if head.kind == kind::PUSH_PROMISE {
            if rest.len() < 4 {
                self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
                return;
            }
            promised = u32_at(rest, 0) & 0x7fff_ffff;
            rest = &rest[4..];
        } else if head.has(flag::PRIORITY) {
            if rest.len() < 5 {
                self.fail(code::FRAME_SIZE_ERROR, Fatal::Proto);
                return;
            }
            let (fields, tail) = rest.split_at(5);
            // RFC 7540 §5.3.1: a stream cannot depend on itself.
            if u32_at(fields, 0) & 0x7fff_ffff == head.id {
                self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
                return;
            }
            rest = tail;
        }
        // A GOAWAY that this block brings about names it.
        if self.options.server && !self.is_ours(head.id) && self.is_idle(head.id) && self.goaway_sent.is_none() {
            self.last_processed = head.id;
        }
        if opens_block(head) {
            self.block = Some(OpenBlock { head, bytes: rest.to_vec(), promised, continuations: 0 });
        } else {
            self.header_block(head, rest, promised);
        }
    }

    fn continuation(&mut self, head: Head, payload: &[u8]) {
        let Some(mut block) = self.block.take() else {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        };
        block.continuations += 1;
        if block.continuations > CONTINUATIONS_MAX {
            self.dead = true;
            self.events.push(Event::Error(Fatal::TooManyContinuations, None));
            return;
        }
        block.bytes.extend_from_slice(payload);
        if head.has(flag::END_HEADERS) {
            block.head.flags |= flag::END_HEADERS;
            self.header_block(block.head, &block.bytes, block.promised);
        } else {
            self.block = Some(block);
        }
    }

    fn header_block(&mut self, head: Head, bytes: &[u8], promised: u32) {
        if head.kind == kind::PUSH_PROMISE {
            self.push_promise(head, bytes, promised);
        } else if !self.is_ours(head.id) && self.options.server && self.is_idle(head.id) {
            self.request(head, bytes);
        } else {
            self.further_headers(head, bytes);
        }
    }

    /// Decodes a block, to the end whatever it says: the decoder must stay in step with the peer. `None` after a failure.
    fn decode(&mut self, bytes: &[u8], block: Block) -> Option<Decoded> {
        let list_max = (self.local.max_header_list_size as usize).min(HEADER_LIST_BYTES_MAX);
        let pairs_max = self.options.header_pairs_max;
        let connect_protocol = self.local.enable_connect_protocol;
        let mut checker = Checker::new(block, self.options.strict_values, connect_protocol);
        let mut fields = Fields::default();
        let mut good = true;
        let mut too_large = false;
        let mut list = 0;
        let result = self.decoder.decode(bytes, |name, value, sensitive| {
            if !good || too_large {
                return;
            }
            match checker.field(name, value) {
                Verdict::Bad => good = false,
                Verdict::Ignore => {}
                Verdict::Keep => {
                    list += name.len() + value.len() + 32;
                    too_large = fields.len() >= pairs_max || list > list_max;
                    if !too_large {
                        fields.push(name, value, sensitive);
                    }
                }
            }
        });
        if result.is_err() {
            self.fail(code::COMPRESSION_ERROR, Fatal::Proto);
            return None;
        }
        good = good && (too_large || checker.finish());
        Some(Decoded { fields, good, too_large, checker })
    }

    fn request(&mut self, head: Head, bytes: &[u8]) {
        let Some(decoded) = self.decode(bytes, Block::Request) else { return };
        // Streams beyond what our GOAWAY said are not looked at.
        if self.goaway_sent.is_some_and(|last| head.id > last) {
            return;
        }
        self.last_incoming = head.id;
        if self.incoming >= self.local.max_concurrent_streams as usize {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        let mut pending =
            self.settings_sent.iter().flatten().filter(|(name, _)| *name == setting::MAX_CONCURRENT_STREAMS);
        if pending.next_back().is_some_and(|(_, max)| self.incoming >= *max as usize) {
            self.refuse(head.id, code::REFUSED_STREAM);
            self.rejected();
            return;
        }
        if !self.has_memory() {
            self.refuse(head.id, code::ENHANCE_YOUR_CALM);
            self.rejected();
            return;
        }
        self.last_processed = head.id;
        if decoded.too_large {
            self.refuse(head.id, code::ENHANCE_YOUR_CALM);
            return;
        }
        if !decoded.good {
            self.malformed(head.id);
            return;
        }
        let mut stream = Stream::new(self.send_initial(), self.receive_initial());
        stream.counted = true;
        stream.headers_received = true;
        stream.is_head = decoded.checker.head;
        stream.length = decoded.checker.content_length.filter(|_| !decoded.checker.is_tunnel());
        self.incoming += 1;
        self.add(head.id, stream);
        self.finish_block(head, Category::Request, decoded.fields);
    }

    /// A stream was turned away; too many of them end the session. Node docs: maxSessionRejectedStreams.
    fn rejected(&mut self) {
        self.rejected_streams += 1;
        if self.rejected_streams > self.options.rejected_streams_max {
            self.give_up(None);
        }
    }

    fn finish_block(&mut self, head: Head, category: Category, fields: Fields) {
        let end = head.has(flag::END_STREAM);
        if end && !self.has_announced_length(head.id) {
            return;
        }
        self.events.push(Event::Headers { id: head.id, category, flags: head.flags, fields });
        if end {
            self.end_remote(head.id);
        }
    }

    /// A response, or trailers.
    fn further_headers(&mut self, head: Head, bytes: &[u8]) {
        if self.is_idle(head.id) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        let (block, category) = match self.streams.get(&head.id) {
            Some(stream) if stream.headers_received => (Block::Trailers, Category::Trailers),
            Some(stream) if stream.reserved_remote => (Block::Response, Category::PushResponse),
            _ => (Block::Response, Category::Response),
        };
        let Some(decoded) = self.decode(bytes, block) else { return };
        let Some(stream) = self.streams.get_mut(&head.id) else { return };
        if stream.remote_closed {
            self.fail(code::STREAM_CLOSED, Fatal::Proto);
            return;
        }
        if decoded.too_large {
            self.refuse(head.id, code::ENHANCE_YOUR_CALM);
            return;
        }
        let end = head.has(flag::END_STREAM);
        let status = decoded.checker.status;
        // Informational responses do not end a stream, trailers do. RFC 9113 §8.1.
        let misplaced = (block == Block::Trailers && !end) || (status / 100 == 1 && end);
        if !decoded.good || misplaced {
            self.malformed(head.id);
            return;
        }
        if block == Block::Response && status / 100 != 1 {
            stream.headers_received = true;
            if std::mem::take(&mut stream.reserved_remote) {
                stream.counted = true;
                self.incoming += 1;
            }
            let no_body = stream.is_head || matches!(status, 204 | 304);
            stream.length = if no_body { Some(0) } else { decoded.checker.content_length };
        }
        self.finish_block(head, category, decoded.fields);
    }

    fn push_promise(&mut self, head: Head, bytes: &[u8], promised: u32) {
        let allowed = !self.options.server && self.local.enable_push;
        let fresh = promised > 0 && !self.is_ours(promised) && self.is_idle(promised);
        if !allowed || !fresh || !self.is_ours(head.id) || self.is_idle(head.id) {
            self.fail(code::PROTOCOL_ERROR, Fatal::Proto);
            return;
        }
        let Some(decoded) = self.decode(bytes, Block::Request) else { return };
        self.last_incoming = promised;
        if self.goaway_sent.is_some_and(|last| promised > last) {
            return;
        }
        let Some(parent) = self.streams.get(&head.id) else {
            self.write_reset(promised, code::CANCEL);
            return;
        };
        if parent.remote_closed {
            self.fail(code::STREAM_CLOSED, Fatal::Proto);
            return;
        }
        let reserved = self.streams.values().filter(|stream| stream.reserved_remote).count();
        if reserved >= self.options.reserved_streams_max {
            self.refuse(promised, code::CANCEL);
            return;
        }
        self.last_processed = promised;
        if decoded.too_large || !self.has_memory() {
            self.refuse(promised, code::ENHANCE_YOUR_CALM);
            return;
        }
        if !decoded.good {
            self.malformed(promised);
            return;
        }
        let mut stream = Stream::new(self.send_initial(), self.receive_initial());
        stream.reserved_remote = true;
        stream.local_closed = true;
        stream.is_head = decoded.checker.head;
        self.add(promised, stream);
        self.events.push(Event::Push { id: promised, parent: head.id, fields: decoded.fields });
    }
}
