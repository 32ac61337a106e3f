// Request targets (RFC 9112 section 3.2, RFC 3986): from the bytes of a request line to a path that
// may be looked up, and the parameters of a query. Pure; views live as long as what they came from.
#pragma once

#include <string>
#include <string_view>

namespace videochat::protocol {

enum class TargetOutcome {
    Ok,         ///< origin-form or absolute-form
    Asterisk,   ///< "*", which only OPTIONS may use
    BadRequest  ///< anything else; 400
};

struct RequestTarget {
    TargetOutcome outcome = TargetOutcome::BadRequest;
    /// Percent-decoded once, valid UTF-8, no control byte, no backslash; empty segments dropped,
    /// dot segments resolved. Begins with exactly one "/"; ends with "/" when it names a folder.
    std::string_view path;
    std::string_view query;      ///< as sent, without "?"
    std::string_view authority;  ///< of an absolute-form, which then replaces Host; else empty

    bool is_folder() const { return !path.empty() && path.back() == '/'; }
};

/// `path` points into `target` when nothing had to change, else into `storage`, which the caller
/// keeps and may reuse for the next request.
RequestTarget parse_request_target(std::string_view target, std::string& storage);

/// Appends `text` percent-encoded (RFC 3986 section 2.1): letters, digits and what `kept` holds
/// stay.
void append_percent_encoded(std::string& out, std::string_view text, std::string_view kept);

/// The inverse for a path: everything but unreserved characters, sub-delims and "/" ":" "@" is
/// escaped. A path that begins with "/" followed by another one gets a single "/".
std::string encode_path(std::string_view path);

enum class BasePathOutcome {
    Inside,        ///< `path` is what is left, beginning with "/"
    MissingSlash,  ///< exactly the base: redirect to base + "/"
    Outside        ///< 404
};

struct BasePathResult {
    BasePathOutcome outcome = BasePathOutcome::Outside;
    std::string_view path;
};

/// `base` is "" or "/x" or "/x/y", without a slash at its end.
BasePathResult strip_base_path(std::string_view path, std::string_view base);

enum class ParameterOutcome {
    Absent,
    One,
    Repeated,
    Malformed  ///< an escape that is not "%" and two hexadecimal digits
};

struct Parameter {
    ParameterOutcome outcome = ParameterOutcome::Absent;
    std::string value;  ///< percent-decoded once; of any bytes
};

/// What a plus in a value is: itself (RFC 3986), or a space, as in HTML forms and to Node.
enum class Plus { Itself, Space };

/// Looks `name` up in a query "a=b&c=d". Names are compared after decoding.
Parameter find_parameter(std::string_view query, std::string_view name, Plus plus = Plus::Itself);

}  // namespace videochat::protocol
