// Ports that are free, and ports that are not.
#include "turn/port_probe.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <vector>

#include "net/unique_fd.hpp"
#include "support/catch.hpp"
#include "unit/turn/stun_responder.hpp"

using namespace videochat;
using test::StunResponder;
using turn::answers_stun;
using turn::free_port;

namespace {

const std::vector<protocol::IpAddress> kLoopback{protocol::IpAddress::parse("127.0.0.1").value()};

struct Taken {
    explicit Taken(int type, std::uint16_t wanted = 0) : fd(::socket(AF_INET, type, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_port = htons(wanted);
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
        socklen_t size = sizeof name;
        REQUIRE(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size) == 0);
        port = ntohs(name.sin_port);
    }
    net::UniqueFd fd;
    std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("Ports: the wanted one if it is free for UDP and TCP, else another") {
    std::uint16_t port = 0;
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
        const Taken taken(type);
        port = free_port(kLoopback, taken.port);
        CHECK(port != 0);
        CHECK(port != taken.port);
    }
    CHECK(free_port(kLoopback, port) == port);
    const Taken tcp(SOCK_STREAM, port);  // it was free indeed
    const Taken udp(SOCK_DGRAM, port);
}

TEST_CASE("Ports: an address that is not of this machine takes none") {
    auto addresses = kLoopback;
    addresses.push_back(protocol::IpAddress::parse("192.0.2.77").value());
    const std::uint16_t port = free_port(kLoopback, Taken(SOCK_STREAM).port);
    CHECK(free_port(addresses, port) == port);
}

TEST_CASE("Ports: STUN is spoken where somebody answers, and with an answer alone") {
    CHECK_FALSE(answers_stun(kLoopback.front(), Taken(SOCK_DGRAM).port));  // nobody is there
    {
        const Taken silent(SOCK_DGRAM);
        CHECK_FALSE(answers_stun(kLoopback.front(), silent.port));
    }
    const StunResponder stun(0);
    CHECK(answers_stun(kLoopback.front(), stun.port()));
    const StunResponder echo(0, StunResponder::Answer::Echo);
    CHECK_FALSE(answers_stun(kLoopback.front(), echo.port()));
}
