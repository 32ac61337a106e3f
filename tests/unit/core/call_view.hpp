// CallView: what one client knows of its call, from its frames alone, as a page would. Says so when
// a frame cannot be: a message before admission, a seat that left twice. For the model's test.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace videochat::test {

/// Something that docs/protocol.md promises does not hold.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class CallView {
  public:
    struct Member {
        std::string seat;
        std::string name;
        bool away = false;
        bool operator==(const Member&) const = default;
    };

    /// A frame, or "close CODE".
    void take(const std::string& frame);

    std::string seat;
    std::string token;
    std::string host;
    std::string door;
    std::vector<Member> members;
    bool password = false;
    bool admitted = false;
    bool resumed = false;     ///< what the last welcome said
    std::uint64_t heard = 0;  ///< likewise
    std::uint64_t seen = 0;   ///< counted frames
    bool over = false;        ///< refused or closed: the seat is dead, or has another socket

  private:
    std::vector<Member>::iterator find(const std::string& id);
    void welcome(const std::string& frame);
    void change(const std::string& event, const std::string& id, const std::string& frame);
};

/// The event's name, and the reason or state behind it: "refused no answer", "peer left lost".
std::string kind_of(const std::string& frame);

}  // namespace videochat::test
