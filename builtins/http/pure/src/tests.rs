//! Tables: input, and what comes of it in one line.

use crate::{Event, Kind, Limits, METHODS, Parser};

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Feeds pieces; the outcome as text, with neighbouring body parts joined.
fn run(kind: Kind, pieces: &[&[u8]], lenient: bool) -> String {
    let mut parser = Parser::new(kind, Limits { header_bytes_max: 16 * 1024, lenient, relaxed_values: false });
    let mut out = String::new();
    let mut in_body = false;
    for piece in pieces {
        let mut at = 0;
        while at < piece.len() {
            let mut events = Vec::new();
            let result = parser.execute(&piece[at..], &mut events);
            for event in events {
                match event {
                    Event::Body(start, end) => {
                        if !in_body {
                            out.push_str(" body:");
                        }
                        in_body = true;
                        out.push_str(&text(&piece[at + start..at + end]));
                        continue;
                    }
                    Event::Head { ended } => {
                        let head = parser.head();
                        let first = if kind == Kind::Request {
                            METHODS[head.method].to_owned()
                        } else {
                            head.status.to_string()
                        };
                        out.push_str(&format!(" {first} {} {}.{}", text(head.text), head.version.0, head.version.1));
                        for (name, value) in parser.fields() {
                            out.push_str(&format!(" {}={}", text(name), text(value)));
                        }
                        out.push_str(if head.keep_alive { " keep" } else { " close" });
                        out.push_str(if head.upgrade { " upgrade" } else { "" });
                        out.push_str(if ended { " end" } else { "" });
                    }
                    Event::End => {
                        for (name, value) in parser.fields() {
                            out.push_str(&format!(" trailer {}={}", text(name), text(value)));
                        }
                        out.push_str(" end");
                    }
                }
                in_body = false;
            }
            match result {
                Ok(taken) => at += taken,
                Err((_, error)) => return format!("{out} {}: {}", error.code, error.reason).trim().to_owned(),
            }
        }
    }
    match parser.finish() {
        Ok(true) => out.push_str(" eof"),
        Ok(false) => {}
        Err(error) => out.push_str(&format!(" {}", error.code)),
    }
    out.trim().to_owned()
}

#[track_caller]
fn check(kind: Kind, input: &str, want: &str) {
    let bytes: Vec<u8> = input.chars().map(|c| c as u8).collect();
    assert_eq!(run(kind, &[&bytes], false), want, "{input:?}");
    // Any split gives the same.
    for at in 1..bytes.len() {
        assert_eq!(run(kind, &[&bytes[..at], &bytes[at..]], false), want, "{input:?} split at {at}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(run(kind, &single, false), want, "{input:?} byte by byte");
}

#[track_caller]
fn request(input: &str, want: &str) {
    check(Kind::Request, input, want);
}

#[track_caller]
fn response(input: &str, want: &str) {
    check(Kind::Response, input, want);
}

#[test]
fn requests() {
    request("GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b 1.1 Host=a keep end");
    request("\r\n\r\nM-SEARCH * HTTP/1.0\r\n\r\n", "M-SEARCH * 1.0 close end");
    request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET / 1.0 Connection=Keep-Alive keep end");
    request("GET / HTTP/1.1\r\nConnection: a, close\r\n\r\n\r\n", "GET / 1.1 Connection=a, close close end");
    request(
        "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /x HTTP/1.1\r\n\r\n",
        "POST / 1.1 Content-Length=3 keep body:abc end GET /x 1.1 keep end",
    );
    request("CONNECT a:1 HTTP/1.1\r\n\r\n", "CONNECT a:1 1.1 keep upgrade end");
    request(
        "GET / HTTP/1.1\r\nConnection: x,upgrade\r\nUpgrade: y\r\n\r\n",
        "GET / 1.1 Connection=x,upgrade Upgrade=y keep upgrade end",
    );
    request("GET / HTTP/1.1\r\nX:  \t a b \t \r\nY:\r\n\r\n", "GET / 1.1 X=a b Y= keep end");
    request("GET http://[::1]:1/x HTTP/1.1\r\n\r\n", "GET http://[::1]:1/x 1.1 keep end");
}

#[test]
fn bad_requests() {
    for (input, want) in [
        ("BLAH /", "HPE_INVALID_METHOD: Invalid method encountered"),
        ("get /", "HPE_INVALID_METHOD: Invalid method encountered"),
        ("GET_/", "HPE_INVALID_METHOD: Invalid method encountered"),
        ("GET\r\n", "HPE_INVALID_METHOD: Expected space after method"),
        ("GET /\u{1}", "HPE_INVALID_URL: Invalid char in url path"),
        ("GET /\u{e9}", "HPE_INVALID_URL: Invalid char in url path"),
        ("GET 1", "HPE_INVALID_URL: Unexpected start char in url"),
        ("GET http:/a", "HPE_INVALID_URL: Unexpected char in url schema"),
        ("GET / HTTX", "HPE_INVALID_CONSTANT: Expected HTTP/, RTSP/ or ICE/"),
        ("PLAY / HTTP/", "HPE_INVALID_CONSTANT: Invalid method for HTTP/x.x request"),
        ("GET / ICE/", "HPE_INVALID_CONSTANT: Expected SOURCE method for ICE/x.x request"),
        ("PRI * HTTP/2.0\r\n\r\n", "HPE_PAUSED_H2_UPGRADE: Pause on PRI/Upgrade"),
        ("GET / HTTP/3.1", "HPE_INVALID_VERSION: Invalid HTTP version"),
        ("GET / HTTP/1.1\n", "HPE_INVALID_VERSION: Expected CRLF after version"),
        ("GET / HTTP/1.1\r\n X: a", "HPE_UNEXPECTED_SPACE: Unexpected space after start line"),
        ("GET / HTTP/1.1\r\n: a", "HPE_INVALID_HEADER_TOKEN: Invalid header token"),
        ("GET / HTTP/1.1\r\nX : a", "HPE_INVALID_HEADER_TOKEN: Invalid header token"),
        ("GET / HTTP/1.1\r\nX\r\n", "HPE_INVALID_HEADER_TOKEN: Invalid header token"),
        ("GET / HTTP/1.1\r\nX: \0", "HPE_INVALID_HEADER_TOKEN: Invalid header value char"),
        ("GET / HTTP/1.1\r\nX: a\n", "HPE_CR_EXPECTED: Missing expected CR after header value"),
        ("GET / HTTP/1.1\r\nX: a\rb", "HPE_LF_EXPECTED: Missing expected LF after header value"),
        ("GET / HTTP/1.1\r\nX: a\r\n b", "HPE_INVALID_HEADER_TOKEN: Unexpected whitespace after header value"),
        ("GET / HTTP/1.1\r\n\rX", "HPE_STRICT: Expected LF after headers"),
        ("GET / HTTP/1.1\r\n", "HPE_INVALID_EOF_STATE"),
    ] {
        request(input, want);
    }
}

#[test]
fn framing() {
    let post = |rest: &str, want: &str| request(&format!("POST / HTTP/1.1\r\n{rest}"), want);
    post("Content-Length: 1\r\nContent-Length: 1\r\n", "HPE_UNEXPECTED_CONTENT_LENGTH: Duplicate Content-Length");
    post("Content-Length: 1x\r\n", "HPE_INVALID_CONTENT_LENGTH: Invalid character in Content-Length");
    post("Content-Length: +1\r\n", "HPE_INVALID_CONTENT_LENGTH: Invalid character in Content-Length");
    post("Content-Length:\r\n", "HPE_INVALID_CONTENT_LENGTH: Empty Content-Length");
    post("Content-Length: 18446744073709551616\r\n", "HPE_INVALID_CONTENT_LENGTH: Content-Length overflow");
    post(
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "HPE_INVALID_TRANSFER_ENCODING: Transfer-Encoding can't be present with Content-Length",
    );
    post(
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        "HPE_INVALID_CONTENT_LENGTH: Content-Length can't be present with Transfer-Encoding",
    );
    post(
        "Transfer-Encoding: chunked, foo\r\n",
        "HPE_INVALID_TRANSFER_ENCODING: Invalid `Transfer-Encoding` header value",
    );
    post(
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
        "HPE_INVALID_TRANSFER_ENCODING: Invalid `Transfer-Encoding` header value",
    );
    post(
        "Transfer-Encoding: xchunked\r\n\r\n",
        "POST / 1.1 Transfer-Encoding=xchunked keep HPE_INVALID_TRANSFER_ENCODING: Request has invalid `Transfer-Encoding`",
    );
}

#[test]
fn chunks() {
    let head = "POST / 1.1 Transfer-Encoding=chunked keep";
    let post = |rest: &str, want: &str| {
        request(
            &format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{rest}"),
            format!("{head} {want}").trim(),
        );
    };
    post("3\r\nabc\r\n1;a=b;c=\"d\\\"e\"\r\nd\r\n0\r\n\r\n", "body:abcd end");
    post("0\r\nA: b\r\n\r\n", "trailer A=b end");
    for (rest, want) in [
        ("x", "HPE_INVALID_CHUNK_SIZE: Invalid character in chunk size"),
        ("-1", "HPE_INVALID_CHUNK_SIZE: Invalid character in chunk size"),
        ("1 \r\n", "HPE_INVALID_CHUNK_SIZE: Invalid character in chunk size"),
        ("fffffffffffffffff", "HPE_INVALID_CHUNK_SIZE: Chunk size overflow"),
        ("1\n", "HPE_CR_EXPECTED: Missing expected CR after chunk size"),
        ("1\rX", "HPE_STRICT: Expected LF after chunk size"),
        ("1;\r\n", "HPE_STRICT: Invalid character in chunk extensions"),
        ("1;@", "HPE_STRICT: Invalid character in chunk extensions name"),
        ("1;a=\0", "HPE_STRICT: Invalid character in chunk extensions value"),
        ("1;a=\"\r", "HPE_STRICT: Invalid character in chunk extensions quoted value"),
        ("1;a=\"b\"c", "HPE_STRICT: Invalid character in chunk extensions quote value"),
        ("0\r\nFoo\r\n", "HPE_INVALID_HEADER_TOKEN: Invalid header token"),
    ] {
        post(rest, want);
    }
    post("1\r\nab", "body:a HPE_STRICT: Expected LF after chunk data");
    post("1\r\na\n", "body:a HPE_CR_EXPECTED: Missing expected CR after chunk data");
}

#[test]
fn responses() {
    response("HTTP/1.1 200\r\n\r\n", "200  1.1 close eof");
    response("HTTP/1.1 200 a b\r\nX: y\r\n\r\nbody", "200 a b 1.1 X=y close body:body eof");
    response(
        "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "100 C 1.1 keep end 200 OK 1.1 Content-Length=0 keep end",
    );
    response("HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n", "304 N 1.1 Content-Length=5 keep end");
    response(
        "HTTP/1.1 101 S\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n",
        "101 S 1.1 Upgrade=a Connection=upgrade keep upgrade end",
    );
    response(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, foo\r\n\r\nabc",
        "200 OK 1.1 Transfer-Encoding=chunked, foo close body:abc eof",
    );
    for (input, want) in [
        ("xxx", "HPE_INVALID_CONSTANT: Expected HTTP/, RTSP/ or ICE/"),
        ("HTTP/1.1\r\n", "HPE_INVALID_VERSION: Expected space after version"),
        ("HTTP/1.1 20\r\n", "HPE_INVALID_STATUS: Invalid status code"),
        ("HTTP/1.1 2000", "HPE_INVALID_STATUS: Invalid response status"),
        ("HTTP/1.1 200 OK\n", "HPE_CR_EXPECTED: Missing expected CR after response line"),
        ("HTTP/1.1 200 OK\rX", "HPE_STRICT: Expected LF after CR"),
    ] {
        response(input, want);
    }
    response(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
        "200 OK 1.1 Content-Length=2 keep body:a HPE_INVALID_EOF_STATE",
    );
    response(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nab",
        "200 OK 1.1 Connection=close Content-Length=1 close body:a end HPE_CLOSED_CONNECTION: Data after `Connection: close`",
    );
}

#[test]
fn limits() {
    let long = "a".repeat(16 * 1024);
    for input in [format!("GET /{long}"), format!("GET / HTTP/1.1\r\nX: {long}"), format!("GET / HTTP/1.1\r\n{long}")] {
        assert_eq!(run(Kind::Request, &[input.as_bytes()], false), "HPE_HEADER_OVERFLOW: Header overflow");
    }
    let chunk = format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;{long}aa");
    assert!(
        run(Kind::Request, &[chunk.as_bytes()], false)
            .ends_with("HPE_CHUNK_EXTENSIONS_OVERFLOW: Chunk extensions overflow")
    );
}

#[test]
fn lenient() {
    let fold = b"GET / HTTP/1.1\r\nX: a\r\n b\r\nY: \x01\r\n\r\n";
    assert_eq!(run(Kind::Request, &[fold], true), "GET / 1.1 X=a b Y=\u{1} keep end");
    let both = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(run(Kind::Request, &[both], true), "POST / 1.1 Content-Length=1 Transfer-Encoding=chunked keep end");
    assert_eq!(run(Kind::Request, &[b"GET / HTTP/1.1\nX: a\n\n"], true), "GET / 1.1 X=a keep end");
}
