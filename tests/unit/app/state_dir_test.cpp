// Where the CA is kept unless somebody says.
#include "app/state_dir.hpp"

#include "support/catch.hpp"

using namespace videochat::app;

TEST_CASE("State dir: of root it is the system's, whatever its home") {
    CHECK(default_state_dir({{"HOME", "/root"}, {"XDG_STATE_HOME", "/x"}}, true) ==
          "/var/lib/videochat-server");
}

TEST_CASE("State dir: of others it is in XDG_STATE_HOME, else in their home") {
    CHECK(default_state_dir({{"HOME", "/home/ann"}, {"XDG_STATE_HOME", "/states"}}, false) ==
          "/states/videochat-server");
    CHECK(default_state_dir({{"HOME", "/home/ann"}}, false) ==
          "/home/ann/.local/state/videochat-server");
    CHECK(default_state_dir({{"HOME", "/home/ann"}, {"XDG_STATE_HOME", ""}}, false) ==
          "/home/ann/.local/state/videochat-server");
}

TEST_CASE("State dir: relative folders count for nothing, and without a home there is none") {
    CHECK(default_state_dir({{"HOME", "/home/ann"}, {"XDG_STATE_HOME", "states"}}, false) ==
          "/home/ann/.local/state/videochat-server");
    CHECK(default_state_dir({{"HOME", "ann"}}, false).empty());
    CHECK(default_state_dir({{"HOME", ""}}, false).empty());
    CHECK(default_state_dir({}, false).empty());
}
