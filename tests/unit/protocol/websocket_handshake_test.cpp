#include "protocol/websocket_handshake.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

namespace {

HandshakeRequest good() {
    return {.is_get = true,
            .minor_version = 1,
            .upgrades_to_websocket = true,
            .connection_upgrade = true,
            .version_count = 1,
            .version = "13",
            .key_count = 1,
            .key = "dGhlIHNhbXBsZSBub25jZQ=="};
}

template <typename Change>
unsigned judged(Change change) {
    HandshakeRequest request = good();
    change(request);
    return judge_handshake(request);
}

}  // namespace

TEST_CASE("WebSocket handshake: each missing piece has its answer") {
    CHECK(judge_handshake(good()) == 101);
    CHECK(judged([](auto& r) { r.is_get = false; }) == 405);
    CHECK(judged([](auto& r) { r.upgrades_to_websocket = false; }) == 426);
    CHECK(judged([](auto& r) { r.version = "8"; }) == 426);
    CHECK(judged([](auto& r) { r.version_count = 0; }) == 426);
    CHECK(judged([](auto& r) { r.version_count = 2; }) == 400);
    CHECK(judged([](auto& r) { r.minor_version = 0; }) == 400);
    CHECK(judged([](auto& r) { r.connection_upgrade = false; }) == 400);
    CHECK(judged([](auto& r) { r.key_count = 0; }) == 400);
    CHECK(judged([](auto& r) { r.key_count = 2; }) == 400);
}

TEST_CASE("WebSocket handshake: a key is the base64 of 16 bytes") {
    CHECK(is_handshake_key("dGhlIHNhbXBsZSBub25jZQ=="));
    CHECK(is_handshake_key("AAAAAAAAAAAAAAAAAAAAAA=="));
    for (const char* key :
         {"", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAB==",
          "AAAAAAAAAAAAAAAAAAAA====", "AAAAAAAAAAAAAAAAAAAAA-==", "AAAAAAAAAAAAAAAAAAAAAAAA=="}) {
        CAPTURE(key);
        CHECK_FALSE(is_handshake_key(key));
    }
}
