"""The same work as the other scriptable peers, with the faster of Locust's two clients. WORK is get, scenario or rate."""
import os

from locust import FastHttpUser, constant_throughput, task

WORK = os.environ["WORK"]
EACH = float(os.environ["RATE"]) / float(os.environ["USERS"])


class Visitor(FastHttpUser):
    host = os.environ["ORIGIN"]
    if WORK == "rate":
        wait_time = constant_throughput(EACH)

    @task
    def work(self):
        if WORK == "scenario":
            self.journey()
        else:
            self.client.get("/")

    def journey(self):
        with self.client.post("/login", json={"user": "user-1", "password": "secret"}, catch_response=True) as login:
            if login.status_code != 200:
                return login.failure("login")
            headers = {"authorization": "Bearer " + login.json()["token"]}
        with self.client.get("/api/jobs?limit=20", headers=headers, catch_response=True) as jobs:
            if jobs.status_code != 200:
                return jobs.failure("list")
            job_id = jobs.json()["items"][0]["id"]
        with self.client.get(f"/api/jobs/{job_id}", headers=headers, name="/api/jobs/id", catch_response=True) as job:
            if job.status_code != 200 or job.json()["id"] != job_id:
                return job.failure("job")
        bids = f"/api/jobs/{job_id}/bids"
        with self.client.post(bids, json={"amount": 100}, headers=headers, name="bids", catch_response=True) as bid:
            if bid.status_code != 201:
                return bid.failure("bid")
        with self.client.get("/api/me", headers=headers, catch_response=True) as me:
            if me.status_code != 200 or '"name"' not in me.text:
                return me.failure("me")
