// See accept_encoding.hpp.
#include "protocol/accept_encoding.hpp"

#include <optional>

#include "protocol/field_list.hpp"

namespace videochat::protocol {

bool prefers_gzip(std::string_view field) {
    std::optional<int> gzip;
    std::optional<int> plain;
    std::optional<int> others;
    while (!field.empty()) {
        std::string_view element = take_element(field, ',');
        const std::string_view coding = take_element(element, ';');
        const auto is = [coding](std::string_view name) {
            return is_same_ignoring_case(coding, name);
        };
        if (is("gzip") || is("x-gzip")) gzip = weight_of(element);
        if (is("identity")) plain = weight_of(element);
        if (coding == "*") others = weight_of(element);
    }
    const int gzip_weight = gzip.value_or(others.value_or(0));
    return gzip_weight > 0 && gzip_weight >= plain.value_or(0);
}

}  // namespace videochat::protocol
