#include "videochat/core/hub.hpp"

#include <optional>

#include "support/catch.hpp"
#include "support/fake_outbox.hpp"

using videochat::core::JoinRefusal;
using videochat::test::Client;
using videochat::test::TestHub;

TEST_CASE("Hub: rooms do not hear each other, nor the lobby") {
    TestHub world;
    Client lobby(world.hub);
    Client a(world.hub, "a");
    Client b(world.hub, "b");
    Client other_a(world.hub, "A");
    a.send("chat message", "1");
    CHECK(a.take().size() == 1);
    CHECK(b.take().empty());
    CHECK(lobby.take().empty());
    CHECK(other_a.take().empty());
}

TEST_CASE("Hub: a room takes no memory once its last peer has left") {
    TestHub world;
    {
        Client a(world.hub, "a");
        std::optional<Client> b(std::in_place, world.hub, "a");
        CHECK(world.hub.room_count() == 1);
        b.reset();
        CHECK(world.hub.room_count() == 1);
        CHECK(a.membership.room().members().size() == 1);
    }
    CHECK(world.hub.room_count() == 0);
    CHECK(world.rooms == 0);
}

TEST_CASE("Hub: a full room refuses, and has a place again when somebody leaves") {
    TestHub world(videochat::RoomLimits{.peers = 2});
    Client a(world.hub, "a");
    {
        Client b(world.hub, "a");
        const Client c(world.hub, "a");
        CHECK(c.refusal == JoinRefusal::RoomFull);
        CHECK_FALSE(c.membership);
    }
    const Client d(world.hub, "a");
    CHECK(d.refusal == JoinRefusal::None);
    CHECK(d.membership);
}

TEST_CASE("Hub: the number of rooms is limited over all loops") {
    TestHub world(videochat::RoomLimits{.rooms = 1});
    videochat::core::Hub other_loop(videochat::RoomLimits{.rooms = 1}, {}, world.rooms);
    const Client a(world.hub, "a");
    const Client b(world.hub, "b");
    CHECK(b.refusal == JoinRefusal::TooManyRooms);
    const Client c(other_loop, "c");
    CHECK(c.refusal == JoinRefusal::TooManyRooms);
    CHECK(world.rooms == 1);
}

TEST_CASE("Hub: leaving in any order keeps everyone else reachable") {
    TestHub world;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 8; ++i)
        clients.push_back(std::make_unique<Client>(world.hub, "a"));
    for (const std::size_t leaver : {3U, 0U, 5U, 2U}) {
        clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(leaver));
        clients.front()->send("chat message", "1");
        for (const auto& client : clients)
            CHECK(client->take().size() == 1);
    }
}

TEST_CASE("Hub: a moved membership leaves once") {
    TestHub world;
    videochat::test::FakeOutbox outbox;
    videochat::core::Peer peer(outbox);
    JoinRefusal refusal{};
    auto first = world.hub.join(peer, "a", refusal);
    auto second = std::move(first);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): that is the point
    CHECK(world.hub.room_count() == 1);
    second.leave();
    second.leave();
    CHECK(world.hub.room_count() == 0);
}

TEST_CASE("Hub: who is absent counts for nothing, but is sent what its room is") {
    TestHub world(videochat::RoomLimits{.peers = 2});
    Client a(world.hub, "r");
    Client b(world.hub, "r");
    b.membership.suspend();
    CHECK(a.membership.room().members().size() == 1);
    a.send("message", "1");
    CHECK(b.take() == std::vector<std::string>{R"(["message",1])"});

    std::optional<Client> c(std::in_place, world.hub, "r");
    CHECK(c->refusal == JoinRefusal::None);
    CHECK_FALSE(b.membership.resume());  // the place is taken
    c.reset();
    CHECK(b.membership.resume());
    CHECK(a.membership.room().members().size() == 2);
    a.take();
    b.send("message", "2");
    CHECK(a.take() == std::vector<std::string>{R"(["message",2])"});
}

TEST_CASE("Hub: a room stays while an absent peer may come back, and goes with it") {
    TestHub world;
    {
        Client a(world.hub, "r");
        a.membership.suspend();
        a.membership.suspend();  // twice is nothing special
        CHECK(world.hub.room_count() == 1);
        CHECK(a.membership.room().members().empty());
    }
    CHECK(world.hub.room_count() == 0);
    CHECK(world.rooms == 0);
}

TEST_CASE("Hub: an absent peer's groups go on without it, and with it again") {
    TestHub world;
    Client a(world.hub);
    Client b(world.hub);
    a.send("create or join", R"("g")");
    a.take();
    a.membership.suspend();
    b.send("create or join", R"("g")");
    CHECK(b.take().back() == R"(["created","g","id2"])");  // nobody was there
    CHECK(a.membership.resume());
    a.send("create or join", R"("g")");
    CHECK(a.take().back() == R"(["full","g"])");
}
