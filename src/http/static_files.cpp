// See static_files.hpp. Decides what a path names; how a file is answered is file_answer's matter.
#include "http/static_files.hpp"

#include <ctime>
#include <utility>

#include "http/file_answer.hpp"
#include "http/page_source.hpp"
#include "protocol/mime_types.hpp"
#include "protocol/request_target.hpp"

namespace videochat::http {
namespace {

constexpr std::string_view kHtml = "text/html";
constexpr std::string_view kFolderIndex = "index.html";
constexpr std::string_view kNotFoundPage = "/404.html";
constexpr std::string_view kBase = R"(<base href="/">)";
constexpr std::string_view kWellKnown = "/.well-known";  // RFC 8615

/// A segment that begins with a dot is nobody's business: editors' backups, ".git", ".env".
bool is_hidden(std::string_view path) {
    const std::string_view start = path.substr(0, kWellKnown.size());
    const std::string_view rest = path.substr(start.size());
    if (start == kWellKnown && (rest.empty() || rest.front() == '/')) path = rest;
    return path.find("/.") != std::string_view::npos;
}

}  // namespace

class StaticFiles::Impl {
  public:
    Impl(const PagesConfig& pages, std::string base_path)
        : base_path_(std::move(base_path)),
          index_("/" + pages.index),
          embedded_(make_embedded_pages()),
          folder_(pages.root.empty() ? nullptr : make_root_folder(pages.root)) {}

    Response answer(const Request& request) {
        if (is_hidden(request.path)) return not_found(request);
        const bool is_folder = request.path.back() == '/';
        const Found found = source().find(file_of(request.path));
        switch (found.outcome) {
            case FindOutcome::File:
                return answer_file(found.file, request, std::time(nullptr));
            case FindOutcome::Busy:
                return busy(request);
            case FindOutcome::Folder:
                if (!is_folder) return redirect_to_folder(request);
                break;  // a folder that is called like an index page
            case FindOutcome::NotFound:
                break;
        }
        return not_found(request);
    }

    bool is_page(std::string_view path) {
        if (is_hidden(path)) return false;
        const std::string_view file = file_of(path);
        return protocol::mime_type_of(file).name.starts_with(kHtml) &&
               source().find(file).outcome == FindOutcome::File;
    }

  private:
    PageSource& source() { return folder_ ? *folder_ : *embedded_; }

    /// The path itself or, of a folder with its slash, that of its index page.
    std::string_view file_of(std::string_view path) {
        if (path == "/") return index_;
        if (path.back() != '/') return path;
        page_.assign(path).append(kFolderIndex);
        return page_;
    }

    /// Relative links of a folder's page only work below the slash.
    Response redirect_to_folder(const Request& request) const {
        Response response = answer_text(request, 308, "");
        response.extra_fields =
            "Location: " + base_path_ + protocol::encode_path(request.path) + '/';
        if (!request.query.empty()) {
            response.extra_fields += '?';
            response.extra_fields += request.query;
        }
        response.extra_fields += "\r\n";
        return response;
    }

    static Response busy(const Request& request) {
        Response response = answer_text(request, 503, "Busy, try again\n");
        response.extra_fields = "Retry-After: 1\r\n";
        return response;
    }

    /// The folder's own page for this, else ours.
    Response not_found(const Request& request) {
        Found page = source().find(kNotFoundPage);
        if (page.outcome == FindOutcome::Busy) return busy(request);
        if (page.outcome != FindOutcome::File) page = embedded_->find(kNotFoundPage);
        if (page.outcome == FindOutcome::File)
            return answer_not_found(with_base(page.file), request);
        return answer_text(request, 404, "Not found\n");
    }

    /// A 404 page is shown at any depth, so it may count its addresses from the root; a base path
    /// moves that root. Made anew only when the page changes.
    const std::shared_ptr<const ServedFile>& with_base(
        const std::shared_ptr<const ServedFile>& page) {
        if (base_path_.empty() || page->is_streamed()) return page;
        if (page != not_found_page_) {
            std::string text(page->plain.body.view());
            if (const auto base = text.find(kBase); base != std::string::npos) {
                text.replace(base, kBase.size(), "<base href=\"" + base_path_ + "/\">");
            }
            not_found_page_ = page;
            not_found_with_base_ =
                make_served_file(kNotFoundPage, core::Frame::copy_of(text), page->modified);
        }
        return not_found_with_base_;
    }

    std::string base_path_;  // of letters, digits and "-_~./": needs no escapes
    std::string index_;
    std::unique_ptr<PageSource> embedded_;
    std::unique_ptr<PageSource> folder_;
    std::string page_;  // kept for its memory
    std::shared_ptr<const ServedFile> not_found_page_;
    std::shared_ptr<const ServedFile> not_found_with_base_;
};

StaticFiles::StaticFiles(const PagesConfig& pages, std::string base_path)
    : impl_(std::make_unique<Impl>(pages, std::move(base_path))) {}

StaticFiles::~StaticFiles() = default;

Response StaticFiles::answer(const Request& request) { return impl_->answer(request); }
bool StaticFiles::is_page(std::string_view path) { return impl_->is_page(path); }

}  // namespace videochat::http
