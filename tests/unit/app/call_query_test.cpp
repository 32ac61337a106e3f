// What `/socket?call=...` may say, and what gets 400.
#include "app/call_query.hpp"

#include "support/catch.hpp"

using namespace videochat;
using app::asks_for_call;
using app::parse_call_query;

namespace {

bool is_taken(const std::string& query) { return parse_call_query(query, {}).has_value(); }

}  // namespace

TEST_CASE("Call query: a newcomer's") {
    const auto request = parse_call_query(
        "call=my%20call&name=Zo%C3%AB&key=aB-_9&was=seat-of-old-1&other=1&other=2&seen=1", {});
    REQUIRE(request.has_value());
    CHECK(request->call == "my call");
    CHECK(request->entry.name == "Zo\xC3\xAB");
    CHECK(request->entry.proof == "aB-_9");
    CHECK(request->entry.was == "seat-of-old-1");
    CHECK(request->entry.address.empty());
    CHECK(request->token.empty());
}

TEST_CASE("Call query: a name alone is enough, and the display name may be empty") {
    for (const auto* query : {"call=c", "call=c&name="}) {
        const auto request = parse_call_query(query, {});
        REQUIRE(request.has_value());
        CHECK(request->entry.name.empty());
        CHECK(request->entry.proof.empty());
        CHECK(request->entry.was.empty());
        CHECK_FALSE(request->seen.has_value());
    }
}

TEST_CASE("Call query: a token comes back, with what was seen") {
    const auto request = parse_call_query("call=c&token=a.B-_&seen=999999999999999", {});
    REQUIRE(request.has_value());
    CHECK(request->token == "a.B-_");
    CHECK(request->seen == 999'999'999'999'999ULL);
    CHECK_FALSE(parse_call_query("call=c&token=a", {})->seen.has_value());
    CHECK(parse_call_query("call=c&token=a&seen=000", {})->seen == 0U);
    // One that is empty is a wrong one, not none.
    CHECK_FALSE(parse_call_query("call=c&token=", {})->token.empty());
}

TEST_CASE("Call query: a look from outside") {
    const auto request = parse_call_query("call=c&peek=1&key=k", {});
    REQUIRE(request.has_value());
    CHECK(request->peek);
    CHECK(request->entry.proof == "k");
    CHECK_FALSE(parse_call_query("call=c", {})->peek);
    for (const auto* other : {"", "0", "2", "01", "11", "true", "%31%00"})
        CHECK_FALSE(is_taken(std::string("call=c&peek=") + other));
    CHECK_FALSE(is_taken("call=c&peek"));
    CHECK_FALSE(is_taken("call=c&peek=1&peek=1"));
    CHECK_FALSE(is_taken("peek=1"));
}

TEST_CASE("Call query: what was not asked well gets nothing") {
    for (const auto* query : {"",
                              "call=",
                              "call=c&room=r",
                              "call=c&room=",
                              "call=c&call=c",
                              "call=c&name=a&name=a",
                              "call=c&key=a&key=a",
                              "call=c&was=seat-of-old-1&was=seat-of-old-1",
                              "call=c&token=a&token=a",
                              "call=c&seen=1&seen=1",
                              "call=%zz",
                              "call=c&name=%",
                              "call=c&token=%g0",
                              "call=a%00",
                              "call=a%0a",
                              "call=a%7f",
                              "call=a%C2%80",
                              "call=%ff",
                              "call=c&key=",
                              "call=c&key=a%20b",
                              "call=c&key=a.b",
                              "call=c&key=%C3%A4",
                              "call=c&was=",
                              "call=c&was=short-seat",
                              "call=c&was=seat-of.old-1",
                              "call=c&seen=",
                              "call=c&seen=-1",
                              "call=c&seen=1.5",
                              "call=c&seen=0x1",
                              "call=c&seen=1%20",
                              "call=c&seen=1234567890123456",
                              "call=c&name=a%0ab",
                              "call=c&name=%ff",
                              "call=c&name=%C2%9F"}) {
        INFO(query);
        CHECK_FALSE(is_taken(query));
    }
}

TEST_CASE("Call query: lengths end where they should") {
    const auto repeated = [](const char* text, int times) {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += text;
        return all;
    };
    CHECK(is_taken("call=" + repeated("%C3%A4", 64)));
    CHECK_FALSE(is_taken("call=" + repeated("a", 65)));
    CHECK(is_taken("call=c&name=" + repeated("%F0%9F%98%80", 64)));
    CHECK_FALSE(is_taken("call=c&name=" + repeated("%F0%9F%98%80", 65)));
    CHECK(is_taken("call=c&key=" + repeated("k", 128)));
    CHECK_FALSE(is_taken("call=c&key=" + repeated("k", 129)));
    CHECK(is_taken("call=c&was=" + repeated("w", 11)));
    CHECK_FALSE(is_taken("call=c&was=" + repeated("w", 10)));
    CHECK(is_taken("call=c&was=" + repeated("w", 32)));
    CHECK_FALSE(is_taken("call=c&was=" + repeated("w", 33)));
    // A display name's length is its own, whatever rooms may be called.
    CHECK(parse_call_query("call=c&name=" + repeated("n", 64), {.name_code_points = 1}));
    CHECK_FALSE(parse_call_query("call=cc", {.name_code_points = 1}));
}

TEST_CASE("Call query: no name rearranges what stands around it") {
    for (const auto* where : {"call=a", "call=c&name=a"}) {
        for (const auto* mark : {"%E2%80%AA", "%E2%80%AB", "%E2%80%AC", "%E2%80%AD", "%E2%80%AE",
                                 "%E2%81%A6", "%E2%81%A7", "%E2%81%A8", "%E2%81%A9"}) {
            CHECK_FALSE(is_taken(std::string(where) + mark + "b"));
            CHECK_FALSE(is_taken(std::string(where) + mark));
        }
        for (const auto* other : {"%E2%80%A9", "%E2%80%AF", "%E2%81%A5", "%E2%81%AA"}) {
            CHECK(is_taken(std::string(where) + other));
        }
    }
}

TEST_CASE("Call query: anything with a `call` in it asks for one, even badly") {
    CHECK(asks_for_call("call=c"));
    CHECK(asks_for_call("room=r&call"));
    CHECK(asks_for_call("call=%zz"));
    CHECK(asks_for_call("call=a&call=b"));
    CHECK_FALSE(asks_for_call(""));
    CHECK_FALSE(asks_for_call("room=call&Call=1&call2=x"));
}
