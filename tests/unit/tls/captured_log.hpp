// The log of a test, as JSON lines in a file; silent again with the object.
#pragma once

#include <algorithm>
#include <string>

#include "observe/log.hpp"
#include "support/temp_folder.hpp"

namespace videochat::test {

class CapturedLog {
  public:
    CapturedLog() {
        observe::log::start({.level = "debug", .format = "json", .file = folder_.file("log")});
    }
    ~CapturedLog() { observe::log::start({.level = "off", .format = "text", .file = ""}); }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    std::string text() const { return text_in(folder_.file("log")); }
    /// How many lines hold both.
    int count(const std::string& level, const std::string& part) const {
        int found = 0;
        const std::string all = text();
        for (std::size_t at = 0; at < all.size();) {
            const auto end = std::min(all.find('\n', at), all.size());
            const std::string line = all.substr(at, end - at);
            const bool is_level = line.find("\"level\":\"" + level + "\"") != std::string::npos;
            if (is_level && line.find(part) != std::string::npos) ++found;
            at = end + 1;
        }
        return found;
    }

  private:
    TempFolder folder_;
};

}  // namespace videochat::test
