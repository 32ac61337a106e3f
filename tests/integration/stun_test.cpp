// STUN of the whole server, over real UDP. That something gets no answer is shown without waiting:
// datagrams of one socket are handled in order, so an answer to the next one is the proof.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "integration/server_fixture.hpp"
#include "net/interfaces.hpp"
#include "net/unique_fd.hpp"
#include "support/catch.hpp"
#include "support/stun_bytes.hpp"

using namespace std::chrono_literals;
using namespace videochat::test;
using Catch::Matchers::Contains;
using videochat::Config;
using videochat::net::UniqueFd;
using videochat::protocol::IpAddress;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kRequest = 0x0001;

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

struct Endpoint {
    Endpoint(std::string_view address, std::uint16_t port) {
        const IpAddress parsed = ip(address);
        auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
        auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
        if (parsed.is_v4()) {
            v4->sin_family = AF_INET;
            v4->sin_port = htons(port);
            std::memcpy(&v4->sin_addr, parsed.bytes().data() + 12, 4);
        } else {
            v6->sin6_family = AF_INET6;
            v6->sin6_port = htons(port);
            std::memcpy(&v6->sin6_addr, parsed.bytes().data(), 16);
        }
        length = parsed.is_v4() ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    }
    const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }

    sockaddr_storage storage{};
    socklen_t length = 0;
};

struct Answer {
    StunReading reading;
    std::size_t size = 0;
    IpAddress source;
    std::uint16_t source_port = 0;
};

/// A UDP socket on one address of this machine. It is not connected: it sees where answers come
/// from.
class StunClient {
  public:
    explicit StunClient(std::string_view address = "127.0.0.1", std::uint16_t port = 0) {
        const Endpoint here(address, port);
        fd_ = UniqueFd(::socket(here.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        if (::bind(fd_.get(), here.raw(), here.length) != 0) throw std::runtime_error("bind");
        sockaddr_storage bound{};
        socklen_t length = sizeof bound;
        ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&bound), &length);
        port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
    }

    std::uint16_t port() const { return port_; }

    void send(const Endpoint& server, const Bytes& bytes) {
        const auto sent =
            ::sendto(fd_.get(), bytes.data(), bytes.size(), 0, server.raw(), server.length);
        if (sent != static_cast<ssize_t>(bytes.size())) throw std::runtime_error("sendto");
    }

    /// A binding request; its transaction is of `number`s.
    void ask(const Endpoint& server, std::uint8_t number) {
        send(server, stun_message(kRequest, transaction(number)));
    }

    /// nullopt: nothing came in time, or something that is no STUN.
    std::optional<Answer> receive(std::chrono::milliseconds patience = kPatience) {
        pollfd waiting{fd_.get(), POLLIN, 0};
        if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
        std::array<std::uint8_t, 2048> buffer;
        sockaddr_storage from{};
        socklen_t length = sizeof from;
        auto* const source = reinterpret_cast<sockaddr*>(&from);
        const auto size = ::recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, source, &length);
        if (size < 0) return std::nullopt;
        const std::size_t count = static_cast<std::size_t>(size);
        const auto reading = read_stun(std::span(buffer).first(count));
        if (!reading) return std::nullopt;
        return Answer{*reading, count, videochat::net::address_of(source).value(),
                      ntohs(reinterpret_cast<const sockaddr_in*>(&from)->sin_port)};
    }

    /// How many answers have come already.
    int count_answers() {
        int count = 0;
        while (receive(0ms))
            ++count;
        return count;
    }

    static Transaction transaction(std::uint8_t number) {
        Transaction bytes{};
        bytes.fill(number);
        return bytes;
    }

  private:
    UniqueFd fd_;
    std::uint16_t port_ = 0;
};

Config everywhere() {
    Config config = test_config();
    config.listen.host.clear();
    config.stun.rate = 0;
    return config;
}

std::string welcome_of(std::uint16_t port) { return WsClient(port, "/socket?call=stun").receive(); }

}  // namespace

TEST_CASE("STUN: whoever asks is told his address and port, from the address that he asked") {
    // Without IP_PKTINFO a wildcard socket answers 127.0.0.1 from there, whomever it asked.
    const auto [from, asked] = GENERATE(table<const char*, const char*>({
        {"127.0.0.1", "127.0.0.1"},
        {"127.0.0.1", "127.0.0.2"},
        {"127.0.0.3", "127.0.0.2"},
        {"127.0.0.3", "127.1.2.3"},
        {"::1", "::1"},
    }));
    CAPTURE(from, asked);
    const RunningServer server(everywhere());
    StunClient client(from);
    client.ask({asked, server.port()}, 1);
    const auto answer = client.receive();
    REQUIRE(answer.has_value());
    CHECK(answer->source == ip(asked));
    CHECK(answer->source_port == server.port());
    CHECK(answer->reading.type == 0x0101);
    CHECK(answer->reading.transaction == StunClient::transaction(1));
    CHECK(answer->reading.attributes.size() == 1);  // no SOFTWARE, nothing that was not asked for
    const auto seen = seen_address(answer->reading);
    REQUIRE(seen.has_value());
    CHECK(seen->address == ip(from));
    CHECK(seen->port == client.port());
    CHECK(seen->family == (ip(from).is_v4() ? 1 : 2));
    CHECK(answer->size == (ip(from).is_v4() ? 32U : 44U));
}

TEST_CASE("STUN: a request with a fingerprint gets an answer with one") {
    const RunningServer server(everywhere());
    StunClient client;
    client.send({"127.0.0.1", server.port()},
                stun_message(kRequest, StunClient::transaction(1), {}, true));
    const auto answer = client.receive();
    REQUIRE(answer.has_value());
    CHECK(answer->reading.type == 0x0101);
    CHECK(answer->reading.find(0x8028) != nullptr);
}

TEST_CASE("STUN: an attribute that must be understood and is not gets 420") {
    const RunningServer server(everywhere());
    StunClient client;
    const StunAttribute change_request{0x0003, {0, 0, 0, 6}};
    client.send({"127.0.0.2", server.port()},
                stun_message(kRequest, StunClient::transaction(1), {change_request}));
    const auto answer = client.receive();
    REQUIRE(answer.has_value());
    CHECK(answer->source == ip("127.0.0.2"));
    CHECK(answer->reading.type == 0x0111);
    CHECK(answer->reading.attributes ==
          std::vector<StunAttribute>{{0x0009, {0, 0, 4, 20}}, {0x000A, {0, 3}}});
    CHECK(metric(server.port(), "videochat_stun_refused_attributes_total") == 1);
}

TEST_CASE("STUN: everything but a sound binding request is silence, and counted") {
    const auto transaction = StunClient::transaction(9);
    Bytes wrong_fingerprint = stun_message(kRequest, transaction, {}, true);
    wrong_fingerprint.back() ^= 1;
    Bytes no_cookie = stun_message(kRequest, transaction);
    no_cookie[4] ^= 1;
    Bytes wrong_length = stun_message(kRequest, transaction);
    wrong_length[3] = 4;
    const std::vector<Bytes> datagrams{
        {},
        Bytes(1, 0),
        Bytes(19, 1),
        Bytes(2000, 0x55),
        stun_message(0x0011, transaction),  // an indication
        stun_message(0x0101, transaction),  // a response
        stun_message(0x0111, transaction, {{0x0009, {0, 0, 4, 20}}}),
        stun_message(0x0003, transaction),                             // Allocate
        stun_message(kRequest, transaction, {{0x0006, Bytes(1400)}}),  // longer than a packet
        wrong_fingerprint,
        no_cookie,
        wrong_length,
    };
    const RunningServer server(everywhere());
    const auto* const address = GENERATE("127.0.0.1", "::1");
    StunClient client(address);
    const Endpoint at(address, server.port());
    for (std::size_t i = 0; i < datagrams.size(); ++i) {
        INFO(i);
        client.send(at, datagrams[i]);
        client.ask(at, static_cast<std::uint8_t>(i));
        const auto answer = client.receive();
        REQUIRE(answer.has_value());
        CHECK(answer->reading.type == 0x0101);
        CHECK(answer->reading.transaction == StunClient::transaction(static_cast<std::uint8_t>(i)));
    }
    const auto count = static_cast<long>(datagrams.size());
    CHECK(metric(server.port(), "videochat_stun_ignored_total") == count);
    CHECK(metric(server.port(), "videochat_stun_answers_total") == count);
}

TEST_CASE("STUN: an address gets 20 answers a second, its ports together") {
    Config config = everywhere();
    config.stun.rate = videochat::StunConfig{}.rate;
    const RunningServer server(config);
    const Endpoint at("127.0.0.1", server.port());
    StunClient one;
    StunClient two;
    StunClient other("127.0.0.9");
    const auto begin = Clock::now();
    for (std::uint8_t i = 0; i < 15; ++i) {
        one.ask(at, i);
        two.ask(at, i);
    }
    other.ask(at, 1);
    REQUIRE(other.receive().has_value());  // so all before it have been handled
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begin);
    const int answers = one.count_answers() + two.count_answers();
    CHECK(answers >= 20);
    CHECK(answers <= 20 * (1 + seconds.count()));
    CHECK(metric(server.port(), "videochat_stun_refused_rate_total") == 30 - answers);
    CHECK(metric(server.port(), "videochat_stun_answers_total") == answers + 1);
}

TEST_CASE("STUN: a sender that is gone does no harm") {
    const RunningServer server(everywhere());
    const Endpoint at("127.0.0.1", server.port());
    for (std::uint8_t i = 0; i < 50; ++i)
        StunClient().ask(at, i);
    StunClient client;
    client.ask(at, 77);
    const auto answer = client.receive();
    REQUIRE(answer.has_value());
    CHECK(answer->reading.transaction == StunClient::transaction(77));
    CHECK(metric(server.port(), "videochat_exceptions_total") == 0);
}

TEST_CASE("STUN: it listens where the server does") {
    const RunningServer server;  // on 127.0.0.1
    StunClient client;
    client.ask({"127.0.0.1", server.port()}, 1);
    CHECK(client.receive().has_value());
    CHECK_NOTHROW(StunClient("127.0.0.2", server.port()));
    CHECK_NOTHROW(StunClient("::1", server.port()));
}

TEST_CASE("STUN: members of a call are told of it, who waits is not") {
    const RunningServer server;
    const std::string query = "/socket?call=stun";
    WsClient host(server.port(), query);
    CHECK_THAT(host.receive(), Contains(R"("iceServers":[{"urls":["stun:{host}:)" +
                                        std::to_string(server.port()) + R"("]}])"));
    CHECK_THAT(WsClient(server.port(), query).receive(), Contains(R"("iceServers":[])"));
}

TEST_CASE("STUN: it may have a port of its own") {
    std::uint16_t port = 0;
    { port = StunClient().port(); }
    Config config = test_config();
    config.stun.port = port;
    const RunningServer server(config);
    StunClient client;
    client.ask({"127.0.0.1", port}, 1);
    CHECK(client.receive().has_value());
    CHECK_THAT(welcome_of(server.port()), Contains("stun:{host}:" + std::to_string(port) + "\""));
}

TEST_CASE("STUN: where its port is taken, everything else works and nobody is sent there") {
    const StunClient squatter;
    Config config = test_config();
    config.stun.port = squatter.port();
    const RunningServer server(config);
    CHECK_THAT(get(server.port(), "/healthz"), Contains(" 200 "));
    CHECK_THAT(welcome_of(server.port()), Contains(R"("iceServers":[])"));
}

TEST_CASE("STUN: switched off, no port is opened and nobody is told of one") {
    Config config = test_config();
    config.stun.enabled = false;
    const RunningServer server(config);
    CHECK_NOTHROW(StunClient("127.0.0.1", server.port()));
    CHECK_THAT(welcome_of(server.port()), Contains(R"("iceServers":[])"));
}

TEST_CASE("STUN: it ends with the server") {
    RunningServer server(everywhere());
    for (const auto* address : {"127.0.0.1", "::1"}) {
        StunClient client(address);
        client.ask({address, server.port()}, 1);
        REQUIRE(client.receive().has_value());
        CHECK_THROWS(StunClient(address, server.port()));
    }
    server.server().stop();
    CHECK_NOTHROW(StunClient("127.0.0.1", server.port()));
    CHECK_NOTHROW(StunClient("::1", server.port()));
}
