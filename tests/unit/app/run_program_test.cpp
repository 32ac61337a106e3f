// Other programs, run to their end.
#include "app/run_program.hpp"

#include <unistd.h>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat::app;

TEST_CASE("Run program: input goes in, both outputs and the code come back") {
    const auto end =
        run_program({"/bin/sh", "-c", "cat; echo out; echo err >&2; exit 3"}, "in\n", std::nullopt);
    CHECK(end.code == 3);
    CHECK(end.output == "in\nout\nerr\n");
}

TEST_CASE("Run program: one that does not read, is not there, or dies is told by its code") {
    CHECK(run_program({"/bin/true"}, "unread", std::nullopt).code == 0);
    CHECK(run_program({"/not/there"}, {}, std::nullopt).code == 127);
    CHECK(run_program({"/bin/sh", "-c", "kill -9 $$"}, {}, std::nullopt).code == 128 + 9);
}

TEST_CASE("Run program: has no terminal to ask on, and makes private files") {
    const videochat::test::TempFolder top;
    const std::string path = top.file("made");
    const auto end = run_program({"/bin/sh", "-c", "exec 3</dev/tty"}, {}, std::nullopt);
    CHECK(end.code != 0);
    CHECK(run_program({"/usr/bin/touch", path}, {}, std::nullopt).code == 0);
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
          std::filesystem::perms(0600));
}

TEST_CASE("Run program: as somebody else, if root says so") {
    const auto nobody = user_of("nobody");
    REQUIRE(nobody);
    CHECK_FALSE(user_of("no such user here"));
    if (::geteuid() != 0) return;
    const User user{nobody->name, "/tmp/of-nobody", nobody->id, nobody->group};
    const auto end = run_program({"/bin/sh", "-c", "id -u; id -g; id -G; echo $HOME"}, {}, user);
    const std::string group = std::to_string(user.group);
    CHECK(end.output ==
          std::to_string(user.id) + "\n" + group + "\n" + group + "\n/tmp/of-nobody\n");
}

TEST_CASE("Find program: in the search path first, absolute folders alone") {
    const videochat::test::TempFolder top;
    top.write("bin/tool", "#!/bin/sh\n");
    std::filesystem::permissions(top.file("bin/tool"), std::filesystem::perms(0700));
    top.write("bin/data", "");
    std::filesystem::permissions(top.file("bin/data"), std::filesystem::perms(0600));
    const std::string path = ":relative:" + top.file("none") + ":" + top.file("bin");
    CHECK(find_program("tool", path) == top.file("bin/tool"));
    CHECK(find_program("tool", "").empty());
    CHECK(find_program("no-such-tool", path).empty());
    if (::geteuid() != 0) CHECK(find_program("data", path).empty());
}
