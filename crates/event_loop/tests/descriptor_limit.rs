//! A process without descriptors. Apart from the other tests: the limit holds for the whole process.

use std::net::TcpListener;

use anode_event_loop::{Errno, Event, Loop};

#[test]
fn a_listener_without_descriptors_pauses_and_goes_on() {
    let listening = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listening.local_addr().unwrap();
    let mut events = Loop::new().unwrap();
    let listener = events.listen_open(listening.into()).unwrap();
    let clients: Vec<_> = (0..3).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
    let before = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let mut limited = before;
    limited.current = Some(0);
    rustix::process::setrlimit(rustix::process::Resource::Nofile, limited).unwrap();
    let first = events.next_event();
    rustix::process::setrlimit(rustix::process::Resource::Nofile, before).unwrap();
    assert!(matches!(first, Some(Event::Accepted(_, Err(Errno::MFILE)))), "{first:?}");
    for _ in &clients {
        let event = events.next_event();
        assert!(matches!(event, Some(Event::Accepted(_, Ok(_)))), "{event:?}");
    }
    events.close(listener);
    assert!(matches!(events.next_event(), Some(Event::Closed(_))));
    assert!(events.next_event().is_none());
}
