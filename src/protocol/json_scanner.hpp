// JsonScanner: steps over JSON text and checks it, building nothing (RFC 8259). No recursion: the
// depth limit bounds its one fixed array. Used by event_text; kept apart for its own tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace videochat::protocol {

class JsonScanner {
  public:
    JsonScanner(std::string_view text, std::size_t max_depth);

    /// Where the scanner stands.
    const char* position() const { return p_; }
    bool at_end() const { return p_ == end_; }
    /// The next byte, or 0 at the end (NUL is never valid outside of strings).
    char peek() const { return p_ == end_ ? '\0' : *p_; }
    /// Steps over `c` if it comes next.
    bool take(char c);
    void skip_space();

    /// Step over one whole value, or over one string (at its opening quote). False: not JSON, or
    /// too_deep(). The position is then meaningless.
    bool skip_value();
    bool skip_string();

    /// Enter and leave a container by hand; the depth limit holds.
    bool enter();
    bool too_deep() const { return too_deep_; }
    /// True if the last string stepped over held a backslash.
    bool saw_escape() const { return saw_escape_; }

  private:
    bool skip_escape();
    bool skip_number();
    bool skip_literal(std::string_view literal);
    bool skip_digits();
    bool open(bool object);
    bool skip_key();
    bool is_object() const;
    enum class Step { Value, Done, Fail };
    Step begin_value(std::size_t base);
    Step after_value(std::size_t base);

    const char* p_;
    const char* end_;
    std::size_t max_depth_;
    std::size_t depth_ = 0;
    bool too_deep_ = false;
    bool saw_escape_ = false;
    std::array<std::uint64_t, 16> objects_;  ///< one bit a level: 1 object, 0 array (kMaxDepth)
};

}  // namespace videochat::protocol
