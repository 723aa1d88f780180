#!/usr/bin/env bash
# new_module.sh - skeleton of a module in src/modules/NAME with a passing test, and its rows in src/modules/meson.build and
# src/app/modules.c. Writes nothing if the name is bad or taken.
#   tools/new_module.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-}
folder=src/modules/$name
rows=src/modules/meson.build
list=src/app/modules.c

refuse() {
    echo "new_module.sh: $1" >&2
    exit 1
}
[[ $name =~ ^[a-z][a-z0-9]{1,19}$ ]] || refuse "NAME is one English noun of the glossary: 2 to 20 small letters and digits, e.g. make new-module NAME=hall"
[ ! -e "$folder" ] || refuse "$folder is already there"
! grep -qE "^ *\['$name'," "$rows" || refuse "$rows already has a row for $name"
[ ! -e "src/$name" ] || refuse "$name is the name of a layer"
grep -q '^const struct module \*const all_modules\[\] = {$' "$list" || refuse "$list has no table all_modules"

mkdir "$folder"
for file in tools/skeleton/*.in; do
    made=$(basename "$file" .in)
    [[ $made != README.md ]] && made=${made/name/$name}
    sed -e "s/@name@/$name/g" -e "s/@NAME@/${name^^}/g" "$file" >"$folder/$made"
done

sed -i "/^modules = \[\$/,/^\]\$/ s/^\]\$/  ['$name', [], ['$name.c', '${name}_store.c', '${name}_web.c']],\n]/" "$rows"
sed -i "/^const struct module \*const all_modules\[\] = {\$/,/^};\$/ s/^};\$/    \&${name}_module,\n};/" "$list"
last=$(grep -n '^#include "modules/' "$list" | tail -1 | cut -d: -f1)
last=${last:-$(grep -n '^#include' "$list" | tail -1 | cut -d: -f1)}
sed -i "${last}a #include \"modules/$name/$name.h\"" "$list"

echo "made $folder with one row in $rows and one in $list"
echo "next: write $folder/README.md; name the modules it uses in its row; then 'make test'"
