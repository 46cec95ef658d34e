"""Commands and ready-made actions that publish to production, and those that do not."""

from __future__ import annotations

import pytest

from launchready_tui.rules.code.delivery import delivery, judge
from launchready_tui.rules.code.publishing import publishes
from tests.every import every
from tests.rules.code.trees import GITHUB, ORIGIN, workflow

LIVE = {
    "vercel deploy --prod": "vercel",
    "vercel --prod --token=${{ secrets.T }}": "vercel",
    "npx vercel@latest deploy --prebuilt --prod": "vercel",
    "netlify deploy --dir=dist --prod": "netlify",
    "npx netlify deploy -p": "netlify",
    "flyctl deploy --remote-only": "fly",
    "fly deploy": "fly",
    'echo "Off; we go" && fly deploy': "fly",
    "echo one; fly deploy": "fly",
    "railway up --service web": "railway",
    "npx wrangler deploy": "cloudflare-pages",
    "wrangler pages deploy dist --project-name=shop": "cloudflare-pages",
    "wrangler deploy --env production": "cloudflare-pages",
    "git push heroku main": "heroku",
    "git push https://heroku:$KEY@git.heroku.com/shop.git HEAD:main": "heroku",
    "heroku container:release web -a shop": "heroku",
    "gcloud app deploy --quiet": "app-engine",
    "gcloud run deploy shop --image x": "cloud-run",
    "aws amplify start-job --app-id x --branch-name main": "amplify",
    'curl -X POST "https://api.render.com/deploy/srv-x?key=y"': "render",
    "curl ${{ secrets.RENDER_DEPLOY_HOOK_URL }}": "render",
    'curl "$RENDER_DEPLOY_HOOK"': "render",
    "firebase deploy --only hosting": "firebase",
    "aws s3 sync dist s3://shop": "aws",
    "npx sst deploy --stage production": "aws",
    "kubectl apply -f k8s/": "kubernetes",
    "rsync -az ./ deploy@203.0.113.4:/srv/app": "server",
    "scp -r dist me@shop.example:/var/www": "server",
    "ssh deploy@shop.example 'cd app && git pull'": "server",
    "cap production deploy": "server",
    "kamal deploy": "server",
}  # fmt: skip
NOT_LIVE = (
    "vercel deploy",
    "vercel build --prod",
    "vercel pull --yes --environment=production",
    "netlify deploy",
    "flyctl deploy --config fly.staging.toml",
    "fly deploy --app shop-staging",
    "wrangler deploy --env staging",
    "wrangler deploy --dry-run",
    "railway up --environment staging",
    "gcloud app deploy --no-promote",
    "echo vercel deploy --prod",
    "echo 'first build; fly deploy'",
    "true && printf 'fly deploy'",
    "# fly deploy",
    "rsync -a a/ b/",
    "git push origin main",
    "npm run build",
    "vercel.json --prod",
)


@every(("command", "platform"), LIVE.items())
def test_a_command_that_publishes(command: str, platform: str) -> None:
    assert publishes(command) == platform


@every("command", NOT_LIVE)
def test_a_command_that_does_not_publish_to_customers(command: str) -> None:
    assert publishes(command) == ""


ACTIONS = {
    "amondnet/vercel-action@v25\n        with: {vercel-args: --prod}": "vercel",
    "superfly/flyctl-actions@1\n        with: {args: deploy}": "fly",
    "nwtgck/actions-netlify@v3\n        with: {production-branch: main}": "netlify",
    "cloudflare/wrangler-action@v3": "cloudflare-pages",
    "akhileshns/heroku-deploy@v3": "heroku",
    "johnbeynon/render-deploy-action@v0": "render",
    "google-github-actions/deploy-appengine@v2": "app-engine",
    "azure/webapps-deploy@v3": "azure",
    "appleboy/ssh-action@v1\n        with: {script: ./up.sh}": "server",
    "FirebaseExtended/action-hosting-deploy@v0\n        with: {channelId: live}": "firebase",
}
NO_ACTIONS = (
    "amondnet/vercel-action@v25",
    "superfly/flyctl-actions/setup-flyctl@master",
    "nwtgck/actions-netlify@v3",
    "FirebaseExtended/action-hosting-deploy@v0",
    "cloudflare/wrangler-action@v3\n        with: {command: deploy --env staging}",
    "azure/webapps-deploy@v3\n        with: {slot-name: staging}",
)


@pytest.mark.parametrize(("uses", "platform"), ACTIONS.items())
def test_an_action_that_publishes(uses: str, platform: str) -> None:
    tree = {GITHUB: workflow(f"uses: {uses}")}
    (deploy_path,) = delivery(tree).deploy_paths
    assert (deploy_path.platform, deploy_path.branches, deploy_path.line) == (
        platform,
        ("main",),
        8,
    )
    assert judge(delivery(tree), ORIGIN).name == "ok"


@pytest.mark.parametrize("uses", NO_ACTIONS)
def test_an_action_that_does_not_publish_to_customers(uses: str) -> None:
    assert delivery({GITHUB: workflow(f"uses: {uses}")}).deploy_paths == ()
