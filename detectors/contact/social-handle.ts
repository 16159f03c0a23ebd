import type { Detector } from '../detector.ts'
import { keysEndingWith, namedValue } from '../named-value.ts'

const NETWORKS =
  'twitter|instagram|facebook|tiktok|snapchat|telegram|discord|linkedin|mastodon|bluesky|reddit|youtube|skype|wechat|line|whatsapp|threads|twitch|weibo|signal'

export const socialHandle: Detector = namedValue({
  name: 'social_handle',
  title: 'Name in a social network',
  group: 'contact',
  finds: 'The whole value under keys that name an account of a person in a social network.',
  misses:
    'Names in texts, keys that are the name of a network alone, and names of users of the service itself (`user.name`).',
  keys: [
    keysEndingWith(
      `(?:${NETWORKS}) ?(?:handle|user ?name|user|account|profile|screen ?name|nick ?name|url|tag)`,
      '(?:social|social ?media) ?(?:handle|account|profile|user ?name|url)s?',
      'screen ?name',
      '(?:skype|wechat) ?id',
    ),
  ],
  lowEntropy: false,
  examples: ['@jane_example'],
})
