#!/bin/sh
# Builds web/static/vendor from npm packages. For maintainers only: what it makes is committed.
# Usage, from anywhere:  sh web/assets-src/build.sh FOLDER      (FOLDER holds node_modules; see README.md)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
node="$1/node_modules"
uswds="$node/@uswds/uswds"
version() { sed -n 's/^  "version": "\(.*\)",$/\1/p' "$1/package.json"; }
vendor="$here/../static/vendor"
rm -rf "$vendor"
to="$vendor/uswds-$(version "$uswds")"
mkdir -p "$to/css"

"$node/.bin/sass" --no-source-map --style=compressed --load-path="$uswds/packages" "$here/monitor.scss" "$to/css/uswds.css"
# every picture and font that the style sheet names, and nothing else
grep -oE 'url\("?\.\./[^")]*' "$to/css/uswds.css" | sed -E 's/^url\("?\.\.\///' | sort -u | while read -r file; do
  mkdir -p "$to/$(dirname "$file")"
  cp "$uswds/dist/$file" "$to/$file"
done
cp "$uswds/LICENSE.md" "$to/LICENSE.md"
cp "$here/PublicSans-OFL.txt" "$to/fonts/public-sans/OFL.txt"

htmx="$vendor/htmx-$(version "$node/htmx.org")"
mkdir -p "$htmx"
cp "$node/htmx.org/dist/htmx.min.js" "$node/htmx.org/LICENSE" "$htmx/"

cd "$vendor"
find . -type f ! -name SHA256SUMS | LC_ALL=C sort | sed 's|^\./||' | xargs sha256sum > SHA256SUMS
wc -l < SHA256SUMS
