#include "stun/stun_server.hpp"

#include <algorithm>
#include <array>

#include "protocol/stun_message.hpp"
#include "stun/udp_socket.hpp"

namespace videochat::stun {
namespace {

using observe::Counter;

// Datagrams taken in one turn: others want to be served, too.
constexpr int kBatch = 64;

// Requests must fit into a packet that every network carries (RFC 8489, 6.1). A browser's has 20
// bytes; what is longer than this is not looked at.
constexpr std::size_t kLongestRequest = 1280;

}  // namespace

void StunServer::start() { loop().poller().add(fd_.get(), *this, net::Poller::Interest::Read); }

void StunServer::on_ready(bool /*readable*/, bool /*writable*/) {
    for (int i = 0; i < kBatch && serve_one(); ++i) {
    }
}

bool StunServer::serve_one() {
    std::array<std::uint8_t, kLongestRequest> buffer;
    Datagram datagram;
    const auto outcome = datagram.receive(fd_.get(), buffer);
    if (outcome == Datagram::Outcome::Nothing) return false;
    const auto request = outcome == Datagram::Outcome::Received
                             ? protocol::parse_stun_request(datagram.bytes())
                             : std::nullopt;
    if (!request) {
        metrics_.add(Counter::StunIgnored);
        return true;
    }
    if (!rate_.admit(datagram.sender().key(), loop().now())) {
        metrics_.add(Counter::StunRefusedRate);
        return true;
    }
    const bool is_understood = request->unknown_attributes.empty();
    const bool is_sent = datagram.answer(
        fd_.get(), is_understood
                       ? protocol::stun_answer(*request, datagram.sender(), datagram.port())
                       : protocol::stun_refusal(*request));
    metrics_.add(!is_sent        ? Counter::StunUnsent
                 : is_understood ? Counter::StunAnswers
                                 : Counter::StunRefusedAttributes);
    return true;
}

void StunServer::on_stop() {
    loop().poller().remove(fd_.get());
    fd_.reset();
    loop().retire(*this);
}

}  // namespace videochat::stun
