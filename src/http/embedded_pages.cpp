// The pages inside the binary as a PageSource. Hashes and gzip variants are made when a page is
// asked for first, so that start-up does not wait for them.
#include "http/page_source.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "http/embedded_public.hpp"

namespace videochat::http {
namespace {

class EmbeddedPages final : public PageSource {
  public:
    Found find(std::string_view path) override {
        const auto files = embedded_files();
        const auto found = std::lower_bound(
            files.begin(), files.end(), path,
            [](const EmbeddedFile& file, std::string_view wanted) { return file.path < wanted; });
        if (found != files.end() && found->path == path) {
            return {FindOutcome::File, load(static_cast<std::size_t>(found - files.begin()))};
        }
        return {is_folder(path) ? FindOutcome::Folder : FindOutcome::NotFound, nullptr};
    }

  private:
    std::shared_ptr<const ServedFile> load(std::size_t index) {
        auto& slot = loaded_[index];
        if (!slot) {
            const EmbeddedFile& file = embedded_files()[index];
            slot = make_served_file(file.path, core::Frame::of_static(file.bytes), file.modified);
        }
        return slot;
    }

    static bool is_folder(std::string_view path) {
        const auto files = embedded_files();
        return std::any_of(files.begin(), files.end(), [path](const EmbeddedFile& file) {
            return file.path.size() > path.size() && file.path[path.size()] == '/' &&
                   file.path.substr(0, path.size()) == path;
        });
    }

    using Slot = std::shared_ptr<const ServedFile>;
    std::vector<Slot> loaded_ = std::vector<Slot>(embedded_files().size());
};

}  // namespace

std::unique_ptr<PageSource> make_embedded_pages() { return std::make_unique<EmbeddedPages>(); }

}  // namespace videochat::http
