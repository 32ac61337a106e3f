// What one run of the load generator does. Every number has an upper bound: the tool is made for
// measuring a server on the same machine, and is useless against anybody else's.
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <string>

namespace bench {

struct Options {
    std::string mode;                // pairs, fanout, connect, idle
    std::string dialect = "native";  // native, raw, socketio
    std::string address = "127.0.0.1";
    int port = 0;
    int server_pid = 0;      // whose CPU time and memory are read
    int pairs = 50;          // pairs: rooms of two
    int receivers = 50;      // fanout: members besides the sender
    int in_flight = 1;       // messages under way per pair, or per burst of the sender
    int concurrent = 16;     // connect: handshakes under way
    int connections = 5000;  // idle: connections held
    int bytes = 1200;        // size of a message, the event's name and brackets included
    int warmup = 1;          // seconds before the first mark
    int seconds = 3;         // seconds between the marks
    bool message = true;     // idle: whether each connection also sends one message
};

/// Throws std::invalid_argument that names the option.
Options parse_options(int argc, char** argv);

/// The server's socket address; throws unless it lies in 127.0.0.0/8.
sockaddr_in loopback_address(const Options& options);

}  // namespace bench
