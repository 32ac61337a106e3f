#include "dialect.hpp"

#include <string_view>

namespace bench {
namespace {

// Text as signaling carries it: many line ends, which JSON escapes. A plain run of one letter would
// flatter a server that scans for quotes and backslashes.
constexpr std::string_view kCandidate =
    R"(a=candidate:842163049 1 udp 1677729535 192.0.2.7 40678 typ host generation 0 ufrag Zk3q\r\n)";

std::string filler(std::size_t size) {
    std::string text;
    while (text.size() + kCandidate.size() <= size) {
        text += kCandidate;
    }
    text.append(size - text.size(), '=');
    return text;
}

std::string event_text(std::string_view name, std::string_view argument) {
    return "[\"" + std::string(name) + "\",\"" + std::string(argument) + "\"]";
}

}  // namespace

Dialect make_dialect(const Options& options) {
    const std::string frame = event_text("main check", "");
    const std::string argument = filler(static_cast<std::size_t>(options.bytes) - frame.size());
    const std::string question = event_text("main check", argument);
    const std::string answer = event_text("main check answer", argument);
    if (options.dialect == "socketio") {
        return {"/socket.io/?EIO=4&transport=websocket&room=", "42" + question, "42" + answer,
                true};
    }
    if (options.dialect == "raw") {
        return {"/socket?room=", question, question, false};
    }
    return {"/socket?room=", question, answer, false};
}

}  // namespace bench
