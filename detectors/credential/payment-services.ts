import { tokenDetector } from './token.ts'

export const stripeKey = tokenDetector({
  name: 'stripe_key',
  title: 'Stripe key',
  finds:
    'Secret and restricted keys of Stripe (`sk_live_`, `rk_live_`, and `test`), and signing secrets of its webhooks (`whsec_`). Keys of Clerk and Paystack have the same form and are found as well.',
  misses: 'Publishable keys (`pk_`), which are no secrets.',
  shapes: [{ shape: '[rs]k_(?:live|test|prod)_[0-9A-Za-z]{16,250}' }, { shape: 'whsec_[0-9A-Za-z+/]{32,128}={0,2}' }],
  examples: [['sk', '_test_MadeUpForTheDocs0123456789'].join('')],
})

export const paymentServiceKey = tokenDetector({
  name: 'payment_service_key',
  title: 'Key of a payment service',
  finds:
    'Keys of Square (`sq0atp-`, `sq0csp-`), PayPal Braintree (`access_token$production$`), Plaid (`access-production-` and a UUID), Flutterwave (`FLWSECK`), Shippo (`shippo_live_`), EasyPost (`EZAK`, `EZTK`) and Duffel (`duffel_live_`), by prefix, alphabet and length.',
  misses:
    'Square’s tokens that begin with `EAAA`, keys of Adyen, Razorpay and Mollie. Beside a key word they are generic secrets.',
  shapes: [
    { shape: 'sq0(?:atp|csp)-[0-9A-Za-z_-]{22,43}' },
    { shape: String.raw`access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}` },
    {
      shape: 'access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    },
    { shape: 'FLWSECK(?:_TEST)?-?[0-9A-Za-z]{12,40}(?:-X)?' },
    { shape: 'shippo_(?:live|test)_[0-9A-Fa-f]{40}' },
    { shape: 'EZ[AT]K[0-9A-Za-z]{54}' },
    { shape: 'duffel_(?:live|test)_[0-9A-Za-z_=-]{43}' },
  ],
  examples: [['access_token$sand', 'box$0123456789abcdef$0badc0de0badcafe0123456789abcdef'].join('')],
})

export const shopifyToken = tokenDetector({
  name: 'shopify_token',
  title: 'Shopify token',
  finds:
    'Tokens and secrets of Shopify apps: `shpat_`, `shpca_`, `shppa_`, `shpss_`, `shpua_` and 32 hexadecimal digits.',
  misses: 'Storefront tokens, 32 hexadecimal digits without a prefix.',
  shapes: [{ shape: 'shp(?:at|ca|pa|ss|ua)_[0-9A-Fa-f]{32}' }],
  examples: [['X-Shopify-Access-Token: shp', 'at_0badc0de0badcafe0123456789abcdef'].join('')],
})
