// protocol/accept_encoding: weights are respected, doubt means plain bytes.
#include "protocol/accept_encoding.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

TEST_CASE("Gzip is sent to those who ask for it") {
    for (const char* field : {"gzip", "GZIP", "x-gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.1",
                              " deflate ,\tgzip ; q=1.0", "*", "*;q=0.5", "gzip;q=0.001",
                              "identity;q=0, *", "identity, gzip", "gzip;q=0.5, identity;q=0.5",
                              "gzip;Q=0.5", "gzip;x=y;q=1", ",,gzip,"}) {
        CAPTURE(field);
        CHECK(prefers_gzip(field));
    }
}

TEST_CASE("Gzip is not sent to those who do not or forbid it") {
    for (const char* field : {"",
                              "identity",
                              "br",
                              "deflate",
                              "gzip;q=0",
                              "gzip;q=0.000",
                              "gzip ; q=0",
                              "*;q=0",
                              "*, gzip;q=0",
                              "gzip;q=0, *",
                              "gzipx",
                              "xgzip",
                              "gzip;q=0.5, identity;q=1",
                              "gzip;q=",
                              "gzip;q=x",
                              "gzip;q=2",
                              "gzip;q=-1",
                              "gzip;q=1.1",
                              "gzip;q=0.5555",
                              "gzip;q=.5",
                              "gzip;q=1.5",
                              ",",
                              ";",
                              "gzip q=1"}) {
        CAPTURE(field);
        CHECK_FALSE(prefers_gzip(field));
    }
}
