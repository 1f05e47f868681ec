#!/bin/sh
# Gathers in a folder what Node needs of Debian: itself, the libraries that it is linked with, an account, and the names of the
# packages that these files are of, where scanners look for them. `gather.sh FOLDER`, on the image that runs Node.
set -eu

root=$1
node=$(command -v node)
mkdir -p "$root/etc" "$root/usr/local/bin" "$root/app" "$root/var/lib/dpkg/status.d"
install -d -m 1777 "$root/tmp"
install -d -o 1000 -g 1000 "$root/app/data" "$root/home/node"
cp "$node" "$root/usr/local/bin/node"
ln -s /app/dist/src/main.js "$root/usr/local/bin/rollcall"
cp /etc/os-release "$root/etc/os-release"
echo 'node:x:1000:1000::/home/node:/usr/local/bin/node' >"$root/etc/passwd"
echo 'node:x:1000:' >"$root/etc/group"
# Without it the C library asks DNS before /etc/hosts.
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

for library in $(ldd "$node" | grep -o '/[^ ]*'); do
  cp --parents --dereference "$library" "$root"
  package=$(dpkg --search "*/${library##*/}" | cut -d: -f1 | sort -u)
  dpkg --status "$package" >"$root/var/lib/dpkg/status.d/$package"
  cp --parents --dereference "/usr/share/doc/$package/copyright" "$root"
done
