// protocol/socketio_packet: takes exactly the packets that the grammar says, cuts them into the
// same parts, and finds in a CONNECT's data what a parser finds. An event of Socket.IO's is one of
// the native endpoint's, or is called by a number or by nothing.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <regex>
#include <string>
#include <string_view>

#include "fuzz/property.hpp"
#include "protocol/event_text.hpp"
#include "protocol/socketio_packet.hpp"
#include "protocol/utf8.hpp"

using namespace videochat::fuzz;
using namespace videochat::protocol;

namespace {

constexpr std::size_t kAttachments = 10;
constexpr std::size_t kDepth = 16;
constexpr std::size_t kLongest = 400;  // std::regex recurses

/// Type, number of attachments, namespace, ack id, data.
const std::regex& grammar() {
    static const std::regex expression(
        R"(([0-4]|[56](?=0*(?:[1-9]|10)-))(?:([0-9]+)-)?(?:(/[^,]*)(?:,|(?![\s\S])))?)"
        R"(([0-9]{0,19}))"
        R"(([ \t\r\n]*[\[\{"][\s\S]*)?)");
    return expression;
}

bool data_fits(char type, const std::string& data) {
    const std::size_t first = data.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return true;
    switch (type) {
        case '0':
            return data[first] == '{';
        case '1':
            return false;
        case '4':
            return data[first] != '[';
        default:
            return data[first] == '[';
    }
}

void check_against_grammar(const std::string& text) {
    const auto packet = parse_socketio_packet(text, kAttachments);
    std::smatch parts;
    bool expected = std::regex_match(text, parts, grammar());
    if (expected) {
        const char type = parts[1].str().front();
        const std::string nsp = parts[3].str();
        const std::size_t name = type == '0' ? std::min(nsp.find('?'), nsp.size()) : nsp.size();
        expected = parts[2].matched == (type >= '5') && is_valid_utf8(nsp) && name <= 256 &&
                   data_fits(type, parts[5].str());
    }
    require(packet.has_value() == expected, "exactly the grammar's packets are taken");
    if (!packet) return;
    require(static_cast<char>(packet->type) == text.front(), "the type is the first byte");
    const std::size_t announced = parts[2].matched ? std::stoul(parts[2].str()) : 0;
    require(packet->attachments == announced, "the attachments are those announced");
    const std::string nsp = parts[3].matched ? parts[3].str() : "/";
    require(std::string(packet->nsp).append(packet->nsp_query) == nsp, "the namespace is whole");
    require(packet->nsp_query.empty() || packet->nsp_query.front() == '?', "a query begins so");
    require(packet->ack_id == parts[4].str(), "an ack id is its digits");
    require(packet->data == parts[5].str(), "the rest is the data");
}

void check_connect_data(const std::string& text) {
    const auto data = parse_connect_data(text, kDepth);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool is_object = is_json(text, kDepth) && text[first] == '{';
    require(data.has_value() == (is_object || text.empty()), "an object is taken, or nothing");
    if (!is_object) return;
    const auto tree = nlohmann::json::parse(text, nullptr, false);
    if (tree.is_discarded()) return;  // a number out of range, or a lone surrogate escape
    const auto member = [&tree](const char* key) {
        const auto found = tree.find(key);
        return found != tree.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    require(data->pid == member("pid"), "the pid is the member's");
    require(data->offset == member("offset"), "the offset is the member's");
}

void check_event(const std::string& text) {
    EventText native;
    EventText socket_io;
    const EventTextError native_error = native.parse(text, {.depth = kDepth, .name = 64});
    const EventTextError error =
        socket_io.parse(text, {.depth = kDepth, .name = 64, .socket_io = true});
    if (error == EventTextError::None) require(is_json(text, kDepth), "an event is JSON");
    if (native_error != EventTextError::NotAnEvent) {
        require(error == native_error, "one that is judged otherwise is judged the same");
        require(error != EventTextError::None ||
                    (socket_io.name() == native.name() && socket_io.first() == native.first()),
                "and cut into the same parts");
    } else if (error == EventTextError::None && !socket_io.name().empty()) {
        require(socket_io.name().find_first_not_of("0123456789+-.eE") == std::string_view::npos,
                "otherwise its name is a number");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(as_text(data, size));
    if (size <= kLongest) check_against_grammar(text);
    check_connect_data(text);
    check_event(text);
    if (const auto packet = parse_socketio_packet(text, kAttachments)) {
        const std::string rest(packet->data);
        check_connect_data(rest);
        check_event(rest);
    }
    return 0;
}
