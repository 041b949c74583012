#!/usr/bin/env bash
# A million rows of people in random order (BENCH_ROWS, 1000000; one in twenty names somebody again),
# imported by Galena with all that belongs to it (who is who, what follows from title and address,
# score, stages, segments, the log on the disk), and by `sqlite3 .import` into a table with a unique
# index on the address. In turn, BENCH_ROUNDS times (3), each time into an empty database.
set -euo pipefail
rows=${BENCH_ROWS:-1000000}
rounds=${BENCH_ROUNDS:-3}
. bench/start

file=$work/people.csv
awk -v rows="$rows" 'BEGIN {
  split("Ada,Bo,Carl,Dora,Emil,Finja,Greta,Hugo,Ida,Jan,Karla,Lars,Mia,Nils,Olga,Paul", first, ",")
  split("Meyer,Lund,Novak,Rossi,Dubois,Smith,Kowalski,Jensen,Weber,Garcia,Silva,Berg,Hahn", last, ",")
  split("CEO,VP Sales,Head of IT,Marketing Manager,Software Engineer,Student,Director of Operations,Buyer", title, ",")
  split("Germany,Denmark,France,United States,Poland,Spain,Italy,United Kingdom", country, ",")
  split("Software,Manufacturing,Retail,Health,Finance,Logistics", industry, ",")
  srand(7)
  for (i = 0; i < rows; ++i) {
    who = i % 20 == 19 ? int(rand() * i) : i
    firm = (who * 7919) % 200000
    printf "%d,%s,%s,person%d@firm%d.example,%s,Firm %d GmbH,https://www.firm%d.example,%d,%s,%s,+49 30 %07d\r\n",
      rand() * 1e9, first[who % 16 + 1], last[who % 13 + 1], who, firm, title[who % 8 + 1], firm, firm,
      firm % 900 + 1, industry[firm % 6 + 1], country[who % 8 + 1], who
  }
}' | sort -n -t, -k1 | cut -d, -f2- >"$file.rows"
head="First Name,Last Name,Email,Job Title,Company Name,Website URL,Number of Employees,Industry,Country/Region,Phone Number"
(printf '%s\r\n' "$head" && cat "$file.rows") >"$file"
rm "$file.rows"
echo "$rows rows, $(($(stat -c %s "$file") / 1000000)) MB"

seconds() { # COMMAND…
  local begun=$EPOCHREALTIME
  "$@" >"$work/out" 2>&1 || true
  awk -v begun="$begun" -v ended="$EPOCHREALTIME" 'BEGIN {printf "%.2f\n", ended - begun}'
}
by_sqlite() {
  rm -f "$work"/plain.db*
  sqlite3 "$work/plain.db" "CREATE TABLE people (first TEXT, last TEXT, email TEXT, title TEXT, company TEXT,
    site TEXT, employees TEXT, industry TEXT, country TEXT, phone TEXT); CREATE UNIQUE INDEX by_email ON people (email);"
  seconds sqlite3 -cmd ".mode csv" "$work/plain.db" ".import --skip 1 $file people"
}
by_galena() {
  rm -rf "$work/data"
  echo "a password of the bench" | build/galena init --data "$work/data" \
    --email bench@example.com --password-stdin >/dev/null
  seconds build/galena import "$file" --data "$work/data" --format json
}

for ((round = 1; round <= rounds; ++round)); do
  by_sqlite >>"$work/sqlite"
  by_galena >>"$work/galena"
  cp "$work/out" "$work/last"
done
tail -n 40 "$work/last"
echo "sqlite3 .import: $(median <"$work/sqlite") s (each: $(tr '\n' ' ' <"$work/sqlite"))"
echo "galena import: $(median <"$work/galena") s (each: $(tr '\n' ' ' <"$work/galena"))"
paste "$work/sqlite" "$work/galena" | awk '{printf "%.2f\n", $2 / $1}' >"$work/ratios"
echo "galena / sqlite3: $(median <"$work/ratios") (each: $(tr '\n' ' ' <"$work/ratios"))"
