# One image for every process; docker-compose.yml says which. Without a command it runs everything in one container.

FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin claimtrack \
    && install -d -m 700 -o claimtrack -g claimtrack /data
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CLAIMTRACK_DATA=/data HOST=0.0.0.0
USER claimtrack
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "up"]
