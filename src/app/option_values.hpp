// What options of text may be, in the form in which Config keeps it. Pure. nullopt: not acceptable.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace videochat::app {

/// An IP address, in brackets or not, or "localhost".
std::optional<std::string> as_host(std::string_view text);
/// "x/y/" and "/x/y" are both "/x/y"; "/" is no prefix at all.
std::optional<std::string> as_base_path(std::string_view text);
/// An IP address, without brackets.
std::optional<std::string> as_address(std::string_view text);
/// A name of letters, digits, hyphens and dots, in small letters.
std::optional<std::string> as_dns_name(std::string_view text);
/// Such a name or an address as a Host field has it, without a port.
std::optional<std::string> as_host_name(std::string_view text);
/// The origin of a page of the web, in the form in which it is compared. No IPv6 address: a policy
/// (frame-ancestors) cannot name one.
std::optional<std::string> as_embed_origin(std::string_view text);
/// An address or a network in CIDR form.
std::optional<std::string> as_network(std::string_view text);
std::optional<std::string> as_path(std::string_view text);
/// A file's name without folder or leading dot.
std::optional<std::string> as_page(std::string_view text);
std::optional<std::string> as_level(std::string_view text);
std::optional<std::string> as_format(std::string_view text);
std::optional<std::string> as_ice_url(std::string_view text);
std::optional<std::string> as_turn_url(std::string_view text);
/// Anything but nothing, so that no complaint ever shows one.
std::optional<std::string> as_secret(std::string_view text);

}  // namespace videochat::app
