#include "net/connection_gate.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using videochat::AdmissionLimits;
using videochat::net::Admission;
using videochat::net::ConnectionGate;
using videochat::net::TimePoint;
using videochat::protocol::IpAddress;
using Ticket = ConnectionGate::Ticket;

namespace {

constexpr TimePoint kNow{1h};
IpAddress address(const char* text) { return *IpAddress::parse(text); }

}  // namespace

TEST_CASE("ConnectionGate: counts connections of one address, and gives places back") {
    ConnectionGate gate({.connections = 100, .connections_per_address = 2, .connect_rate = 0});
    std::vector<Ticket> tickets(3);
    CHECK(gate.admit(address("192.0.2.1"), kNow, tickets[0]) == Admission::Ok);
    CHECK(gate.admit(address("192.0.2.1"), kNow, tickets[1]) == Admission::Ok);
    CHECK(gate.admit(address("192.0.2.1"), kNow, tickets[2]) == Admission::PerAddress);
    Ticket other;
    CHECK(gate.admit(address("192.0.2.2"), kNow, other) == Admission::Ok);
    CHECK(gate.live() == 4);
    tickets.clear();
    CHECK(gate.live() == 1);
    Ticket again;
    CHECK(gate.admit(address("192.0.2.1"), kNow, again) == Admission::Ok);
}

TEST_CASE("ConnectionGate: an IPv6 network of /64 is one address") {
    ConnectionGate gate({.connections = 100, .connections_per_address = 1, .connect_rate = 0});
    Ticket a;
    Ticket b;
    Ticket c;
    CHECK(gate.admit(address("2001:db8::1"), kNow, a) == Admission::Ok);
    CHECK(gate.admit(address("2001:db8::ffff:2"), kNow, b) == Admission::PerAddress);
    CHECK(gate.admit(address("2001:db8:0:1::1"), kNow, c) == Admission::Ok);
}

TEST_CASE("ConnectionGate: those that are refused with a word are few") {
    ConnectionGate gate({.connections = 1000, .connections_per_address = 1, .connect_rate = 0});
    std::vector<Ticket> tickets(1 + ConnectionGate::kRefusals);
    for (auto& ticket : tickets)
        gate.admit(address("192.0.2.1"), kNow, ticket);
    Ticket over;
    CHECK(gate.admit(address("192.0.2.1"), kNow, over) == Admission::TooFast);
    CHECK(gate.live() == tickets.size());
}

TEST_CASE("ConnectionGate: new connections have a rate") {
    ConnectionGate gate(
        {.connections = 0, .connections_per_address = 0, .connect_rate = 10, .connect_burst = 2});
    const auto admit = [&](TimePoint now) {
        Ticket ticket;
        return gate.admit(address("192.0.2.1"), now, ticket);
    };
    CHECK(admit(kNow) == Admission::Ok);
    CHECK(admit(kNow) == Admission::Ok);
    CHECK(admit(kNow) == Admission::TooFast);
    CHECK(admit(kNow + 300ms) == Admission::Ok);
}

TEST_CASE("ConnectionGate: who was refused for haste owes nothing for it") {
    ConnectionGate gate(
        {.connections = 0, .connections_per_address = 0, .connect_rate = 10, .connect_burst = 2});
    const auto admit = [&](TimePoint now) {
        Ticket ticket;
        return gate.admit(address("192.0.2.1"), now, ticket);
    };
    for (int i = 0; i < 1000; ++i)
        admit(kNow);
    CHECK(admit(kNow + 110ms) == Admission::Ok);
    CHECK(admit(kNow + 110ms) == Admission::TooFast);
}

TEST_CASE("ConnectionGate: all places together are limited") {
    ConnectionGate gate({.connections = 2, .connections_per_address = 0, .connect_rate = 0});
    Ticket a;
    Ticket b;
    Ticket c;
    CHECK(gate.admit(address("192.0.2.1"), kNow, a) == Admission::Ok);
    CHECK(gate.admit_proxy(b) == Admission::Ok);
    CHECK(gate.admit(address("192.0.2.2"), kNow, c) == Admission::Full);
    CHECK(gate.admit_proxy(c) == Admission::Full);
}

TEST_CASE("ConnectionGate: behind a proxy the client is counted, not the proxy") {
    ConnectionGate gate({.connections = 0, .connections_per_address = 1, .connect_rate = 0});
    Ticket a;
    Ticket b;
    Ticket c;
    for (Ticket* ticket : {&a, &b, &c})
        CHECK(gate.admit_proxy(*ticket) == Admission::Ok);
    CHECK(a.assign(address("198.51.100.1")));
    CHECK_FALSE(b.assign(address("198.51.100.1")));
    CHECK(c.assign(address("198.51.100.2")));
    a = Ticket();
    CHECK(b.assign(address("198.51.100.1")));
}

TEST_CASE("ConnectionGate: behind a proxy nobody is remembered who has gone") {
    ConnectionGate gate({});
    for (int i = 0; i < 5000; ++i) {
        Ticket ticket;
        gate.admit_proxy(ticket);
        const std::string host = std::to_string(i / 250) + "." + std::to_string(i % 250);
        CHECK(ticket.assign(address(("198.51." + host).c_str())));
    }
    CHECK(gate.remembered() == 0);
}

TEST_CASE("ConnectionGate: who came directly is remembered until the rate forgives") {
    ConnectionGate gate({.connections = 0, .connect_rate = 10, .connect_burst = 2});
    for (int i = 0; i < 2000; ++i) {
        Ticket ticket;
        const std::string host = std::to_string(i / 250) + "." + std::to_string(i % 250);
        gate.admit(address(("198.51." + host).c_str()), kNow + i * 1s, ticket);
    }
    CHECK(gate.remembered() > 0);
    CHECK(gate.remembered() <= 1024);
}

TEST_CASE("ConnectionGate: a moved ticket is one place") {
    ConnectionGate gate({});
    Ticket a;
    gate.admit(address("192.0.2.1"), kNow, a);
    {
        Ticket b = std::move(a);
        CHECK(gate.live() == 1);
    }
    CHECK(gate.live() == 0);
    CHECK(gate.wait_until_empty(videochat::net::Clock::now()));
}
