#!/usr/bin/env python3
"""Clients that behave badly, against an HTTP server of the runtime: after each of them the server must answer, have given back its
descriptors, and have kept within its memory.

    tests/robustness/connections.py --runtime PATH [--sequence 20000] [--at-once 2000] [--only reset,emfile]

slow heads and bodies, halves of connections, resets, connections in sequence and at once, clients that never read, bodies that stop,
a limit of descriptors. Under Node it passes, too.
"""
import argparse, json, os, resource, select, socket, struct, subprocess, sys, tempfile, threading, time

SERVER = r"""
const http = require('http');
const fs = require('fs');
const counts = {};
const count = (name) => { counts[name] = (counts[name] ?? 0) + 1; };
const big = Buffer.alloc(64 * 1024, 'x');
const server = http.createServer({ connectionsCheckingInterval: 200, headersTimeout: 1000, requestTimeout: 2000, keepAliveTimeout: 1000 }, (req, res) => {
  count('request');
  req.on('error', (error) => count(`request error ${error.code}`));
  res.on('error', (error) => count(`response error ${error.code}`));
  if (req.url === '/stats') {
    server.getConnections((error, connections) => {
      const descriptors = fs.readdirSync('/proc/self/fd').length;
      res.end(JSON.stringify({ connections, counts, descriptors, rss: process.memoryUsage.rss() }));
    });
  } else if (req.url === '/big') {
    // 1 GB to whoever reads; to who does not, no more than the buffers hold.
    let left = 16 * 1024;
    res.on('close', () => { left = 0; });
    const more = () => {
      while (left > 0) {
        left--;
        if (!res.write(big)) {
          res.once('drain', more);
          return;
        }
      }
      res.end();
    };
    more();
  } else {
    let bytes = 0;
    req.on('data', (chunk) => { bytes += chunk.length; });
    req.on('end', () => res.end(`hello ${bytes}\n`));
  }
});
server.on('clientError', (error, socket) => {
  count(`clientError ${error.code}`);
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  else socket.destroy();
});
server.on('error', (error) => count(`server error ${error.code}`));
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port));
"""

GET = b'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

class Server:
    def __init__(self, runtime, descriptors=None):
        self.file = tempfile.NamedTemporaryFile('w', suffix='.js')
        self.file.write(SERVER)
        self.file.flush()
        def limit():
            if descriptors is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
        self.process = subprocess.Popen([runtime, self.file.name], stdout=subprocess.PIPE, preexec_fn=limit)
        self.port = int(self.process.stdout.readline())

    def connect(self, timeout=20):
        return socket.create_connection(('127.0.0.1', self.port), timeout)

    def request(self, bytes=GET, timeout=20):
        with self.connect(timeout) as client:
            client.sendall(bytes)
            parts = []
            while part := client.recv(65536):
                parts.append(part)
            return b''.join(parts)

    def stats(self):
        body = self.request(GET.replace(b'GET /', b'GET /stats', 1)).split(b'\r\n\r\n', 1)[1]
        # With 'Connection: close' the body may come chunked.
        return json.loads(body[body.index(b'{'):body.rindex(b'}') + 1])

    def stop(self):
        self.process.kill()
        self.process.wait()

def settle(server, base, seconds=10):
    """The stats once descriptors are back at what they were, or after so many seconds."""
    until = time.time() + seconds
    while True:
        now = server.stats()
        if now['descriptors'] <= base['descriptors'] + 1 or time.time() > until:
            return now
        time.sleep(0.2)

def many(server, count):
    clients = []
    for _ in range(count):
        clients.append(server.connect())
    return clients

def wait_closed(clients, seconds):
    """How many of them the server has closed within so many seconds; what it sends is read."""
    open_ = {client.fileno(): client for client in clients}
    poll = select.poll()
    for fd in open_:
        poll.register(fd, select.POLLIN)
    until = time.time() + seconds
    while open_ and time.time() < until:
        for fd, _ in poll.poll(200):
            try:
                gone = open_[fd].recv(65536) == b''
            except OSError:
                gone = True
            if gone:
                poll.unregister(fd)
                del open_[fd]
    return len(clients) - len(open_)

def slow_heads(server, options):
    clients = many(server, 300)
    stop = time.time() + 2.5
    at = 0
    alive = list(clients)
    while time.time() < stop:
        for client in list(alive):
            try:
                client.send(b'GET / HTTP/1.1\r\nHost: a\r\nX: abcdefghijklmnopqrstuvwxyz'[at:at + 1])
            except OSError:
                alive.remove(client)
        at += 1
        time.sleep(0.2)
    closed = wait_closed(clients, 5)
    for client in clients: client.close()
    return f'{closed} of 300 closed', closed == 300

def slow_bodies(server, options):
    clients = many(server, 200)
    for client in clients: client.sendall(b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx')
    closed = wait_closed(clients, 6)
    for client in clients: client.close()
    return f'{closed} of 200 closed', closed == 200

def cut_bodies(server, options):
    before = server.stats()['counts'].get('request error ECONNRESET', 0)
    for kind in (b'Content-Length: 100\r\n\r\nx', b'Transfer-Encoding: chunked\r\n\r\n5\r\nhel'):
        for _ in range(100):
            with server.connect() as client:
                client.sendall(b'POST / HTTP/1.1\r\nHost: a\r\n' + kind)
    time.sleep(0.5)
    aborted = server.stats()['counts'].get('request error ECONNRESET', 0) - before
    return f'{aborted} of 200 aborted', aborted == 200

def half_open(server, options):
    """A client that ends its side gets its answer, and the connection goes."""
    answered = 0
    clients = many(server, 200)
    for client in clients:
        client.sendall(GET.replace(b'close', b'keep-alive'))
        client.shutdown(socket.SHUT_WR)
    for client in clients:
        parts = b''
        try:
            while part := client.recv(65536): parts += part
        except OSError:
            pass
        answered += parts.startswith(b'HTTP/1.1 200')
        client.close()
    return f'{answered} of 200 answered', answered == 200

def reset(server, options):
    linger = struct.pack('ii', 1, 0)
    for text in (b'', b'GET / HT', GET.replace(b'close', b'keep-alive'), b'GET /big HTTP/1.1\r\nHost: a\r\n\r\n', b'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx'):
        for _ in range(400):
            client = server.connect()
            if text: client.sendall(text)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            client.close()
    return '2000 resets', True

def sequence(server, options):
    good = 0
    start = time.time()
    for _ in range(options.sequence):
        good += server.request().startswith(b'HTTP/1.1 200')
    return f'{good} of {options.sequence} answered, {options.sequence / (time.time() - start):.0f}/s', good == options.sequence

def at_once(server, options):
    clients = []
    for _ in range(options.at_once):
        clients.append(server.connect())
        # At once, as the server gives heads a second, and this machine may be busy.
        clients[-1].sendall(GET)
    good = 0
    for client in clients:
        parts = b''
        while part := client.recv(65536): parts += part
        good += parts.startswith(b'HTTP/1.1 200')
        client.close()
    return f'{good} of {options.at_once} answered', good == options.at_once

def never_read(server, options):
    before = server.stats()['rss']
    clients = []
    for _ in range(100):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(('127.0.0.1', server.port))
        # Many requests at once: their answers must not pile up, either.
        client.sendall(b'GET /big HTTP/1.1\r\nHost: a\r\n\r\n' * 20)
        clients.append(client)
    time.sleep(2)
    grown = (server.stats()['rss'] - before) / 2 ** 20
    for client in clients: client.close()
    # 100 connections with some buffers each; a server that did not hold back would have taken gigabytes.
    return f'{grown:.0f} MB more', grown < 150

def emfile(server, options):
    """Runs a server of its own with few descriptors: those that do not fit wait, and get their answers when others are gone."""
    small = Server(options.runtime, 64)
    try:
        clients = []
        for _ in range(200):
            client = socket.socket()
            client.settimeout(20)
            client.connect(('127.0.0.1', small.port))
            clients.append(client)
        time.sleep(1)
        cpu = lambda: sum(map(int, open(f'/proc/{small.process.pid}/stat').read().rsplit(')', 1)[1].split()[11:13])) / os.sysconf('SC_CLK_TCK')
        before = cpu()
        time.sleep(1)
        busy = cpu() - before
        good = 0
        for client in clients:
            try:
                client.sendall(GET)
                good += client.recv(65536).startswith(b'HTTP/1.1')
            except OSError:
                pass
            client.close()
        time.sleep(0.5)
        fine = small.request().startswith(b'HTTP/1.1 200')
        return f'{good} of 200 had an answer, then {"answers" if fine else "does not answer"}; {busy:.2f} s of CPU in a second of waiting', fine
    finally:
        small.stop()

def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--runtime', required=True)
    options.add_argument('--sequence', type=int, default=20000)
    options.add_argument('--at-once', type=int, default=2000)
    options.add_argument('--only', default='')
    options = options.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = Server(options.runtime)
    failed = 0
    try:
        server.request()
        for attack in (slow_heads, slow_bodies, cut_bodies, half_open, reset, sequence, at_once, never_read, emfile):
            if options.only and attack.__name__ not in options.only.split(','):
                continue
            base = server.stats()
            start = time.time()
            what, good = attack(server, options)
            after = settle(server, base)
            leaked = after['descriptors'] - base['descriptors']
            good = good and leaked <= 1 and server.process.poll() is None
            failed += not good
            print(f'{"ok  " if good else "FAIL"} {attack.__name__}: {what}; RSS {base["rss"] >> 20} -> {after["rss"] >> 20} MB, '
                  f'{leaked:+d} descriptors, {time.time() - start:.1f} s', flush=True)
        print(json.dumps(server.stats()['counts']))
    finally:
        server.stop()
    sys.exit(1 if failed else 0)

main()
