#!/bin/sh
# Starts what is loaded, and returns when it answers. The only file here that is about your service: put your own commands in.
set -eu

# A stand-in for what is not yours, here the payment provider of the sample service: never load somebody else's system.
PORT=9090 node node_modules/plimsoll/dist/target/downstream/main.js >provider.log 2>&1 &

npm run --silent migrate
PORT=8080 npm start --silent >service.log 2>&1 &

attempts=300
until curl --silent --fail --output /dev/null http://127.0.0.1:8080/health; do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then cat service.log >&2; exit 1; fi
  sleep 0.2
done
