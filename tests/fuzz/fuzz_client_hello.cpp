// tls/tls_channel: the first byte alone tells TLS from HTTP; whatever follows, in whatever pieces,
// comes to the same end, gives the handler nothing and leaves a bounded rest.
#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "fuzz/property.hpp"
#include "net/unique_fd.hpp"
#include "tls/local_ca.hpp"
#include "tls/tls_channel.hpp"

using namespace videochat;
using namespace videochat::fuzz;

namespace {

std::shared_ptr<const tls::TlsContext> make_context() {
    const tls::Time kNow{std::chrono::seconds(1'800'000'000)};
    const tls::LocalCa ca = tls::make_local_ca({}, kNow);
    std::vector<tls::Identity> identities;
    identities.push_back(tls::issue_leaf(ca, {.addresses = {}, .names = {"localhost"}}, kNow));
    return std::make_shared<const tls::TlsContext>(identities);
}

/// The end of a connection that gets `bytes`, the first `first` of them with the opening.
net::IoStatus end_of(net::ChannelOpener& opener, std::string_view bytes, std::size_t first) {
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "a pair of sockets");
    const net::UniqueFd here(ends[0]);
    const net::UniqueFd there(ends[1]);
    for (const int fd : ends)
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
    const auto channel = opener.open({bytes.data(), first});
    require((channel != nullptr) == tls::is_tls(bytes.front()), "the first byte decides");
    if (!channel) return net::IoStatus::Ok;
    const std::string_view rest = bytes.substr(first);
    const auto sent = ::send(here.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    require(rest.empty() || sent == static_cast<std::ptrdiff_t>(rest.size()), "room for the rest");
    std::array<char, 65536> plain;
    net::IoResult result;
    do {
        result = channel->read(there.get(), plain);
    } while (result.status == net::IoStatus::Ok);
    require(result.bytes == 0, "nothing is given before the handshake");
    require(!channel->is_established(), "nobody is let in unasked");
    require(!channel->has_unsent(), "what is said of it is little");
    return result.status;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kMost = 32768;  // less than a socket holds
    if (size == 0 || size > kMost) return 0;
    static observe::Metrics metrics;
    static tls::TlsOpener opener([context = make_context()] { return context; }, metrics, false);
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const net::IoStatus whole = end_of(opener, bytes, size);
    require(end_of(opener, bytes, 1) == whole, "the pieces do not matter");
    require(end_of(opener, bytes, (size + 1) / 2) == whole, "the pieces do not matter");
    return 0;
}
